/** When people write: the rhythm of the working week, in UTC. */
import type { Random } from './random.ts'

const hourWeights = [2, 1, 1, 1, 2, 4, 9, 18, 34, 46, 48, 44, 38, 44, 48, 46, 40, 30, 20, 14, 11, 9, 6, 4]
const weekendFactor = 0.3
const maxWeight = Math.max(...hourWeights)

/** How busy a moment is, 0…1. */
function busyness(at: Date): number {
  const isWeekend = at.getUTCDay() === 0 || at.getUTCDay() === 6
  return (hourWeights[at.getUTCHours()]! / maxWeight) * (isWeekend ? weekendFactor : 1)
}

/** Start times in order, denser when people are at work. */
export function pickStartTimes(count: number, startAt: Date, endAt: Date, random: Random): Date[] {
  const times = Array.from({ length: count }, () => pickStartTime(startAt, endAt, random))
  return times.sort((a, b) => a.getTime() - b.getTime())
}

function pickStartTime(startAt: Date, endAt: Date, random: Random): Date {
  const spanMs = endAt.getTime() - startAt.getTime()
  for (;;) {
    const at = new Date(startAt.getTime() + Math.floor(random.next() * spanMs))
    if (random.chance(busyness(at))) return at
  }
}
