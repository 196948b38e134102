/** Spreads each point's messages as dots around it, the way a sunflower sets its seeds: the same points give the same picture. */
import type { Place } from './view.ts'

export interface MapPoint extends Place {
  /** Topic at the level that is shown. */
  readonly topicId: string
  readonly messages: number
  readonly example: string | undefined
}

/** Dots in the order in which they are drawn: mixed, so that none of two topics that overlap hides the other. */
export interface Dots {
  /** Places on the map: x0, y0, x1, y1 … */
  readonly places: Float32Array
  /** Index into `topicIds`. */
  readonly topics: Uint16Array
  readonly topicIds: readonly string[]
  /** Distance of neighbouring dots, map units. */
  readonly spacing: number
  /** Messages that a dot stands for; 1 where there are few enough. */
  readonly messagesPerDot: number
}

export const mostDots = 100_000
const goldenAngle = Math.PI * (3 - Math.sqrt(5))
const filled = 0.2 // share of the map's area that dots cover side by side
const spread = 0.55 // distance of a point's dot number n from it: spread · spacing · √n

/** @param area of the map, square units */
export function toDots(points: readonly MapPoint[], area: number): Dots {
  const perDot = messagesPerDot(points.reduce((sum, point) => sum + point.messages, 0))
  const counts = points.map((point) => Math.max(1, Math.round(point.messages / perDot)))
  const count = counts.reduce((sum, own) => sum + own, 0)
  const spacing = Math.sqrt((filled * area) / Math.max(count, 1))
  const topicIds = [...new Set(points.map(({ topicId }) => topicId))]
  const indexOf = new Map(topicIds.map((id, index) => [id, index]))
  const places = new Float32Array(2 * count)
  const topics = new Uint16Array(count)
  const order = shuffled(count)
  let next = 0
  points.forEach(({ x, y, topicId }, i) => {
    const topic = indexOf.get(topicId)!
    for (let n = 0; n < counts[i]!; n++) {
      const at = order[next++]!
      const distance = cloudRadius(n, spacing)
      const angle = n * goldenAngle + i // each point's dots turned another way
      places[2 * at] = x + distance * Math.cos(angle)
      places[2 * at + 1] = y + distance * Math.sin(angle)
      topics[at] = topic
    }
  })
  return { places, topics, topicIds, spacing, messagesPerDot: perDot }
}

/** @param messages on the whole map */
export function messagesPerDot(messages: number): number {
  return Math.max(1, messages / mostDots)
}

/** How far the dots of a point reach, map units. @param dots of the point, the first not counted */
export function cloudRadius(dots: number, spacing: number): number {
  return spread * spacing * Math.sqrt(dots)
}

/** The numbers 0 … n−1 in an order that is always the same. */
function shuffled(n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  let state = 0x9e3779b9
  for (let i = n - 1; i > 0; i--) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const j = (state >>> 0) % (i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
