/** When runs are due: often while there is little, evenly later, more rarely the more there is. */
import type { ClustererOptions } from './options.ts'

const growth = 1.3 // messages ÷ messages at the last run, while there are few
// A run looks at every anchor: it waits for a twentieth more, up to 5,000 messages, and then for a 200th, so that a message costs no more.
const part = 20
const mostOfPart = 5000
const leastPart = 200

/** @param seen messages at the run that has just ended @returns messages at which the next one is due */
export function nextRunAt(seen: number, { firstRun, runInterval }: Pick<ClustererOptions, 'firstRun' | 'runInterval'>): number {
  const growing = Math.max(seen + firstRun, Math.floor(growth * seen))
  const rarely = Math.max(Math.min(Math.floor(seen / part), mostOfPart), Math.floor(seen / leastPart))
  return Math.max(Math.min(growing, seen + runInterval), seen + rarely)
}
