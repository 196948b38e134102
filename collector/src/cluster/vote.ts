/** What a text's nearest landmarks say about it. */
import { cosinePerDot } from './dot-kernel.ts'
import { closeNeighbors, voters } from './options.ts'
import { landmarkTopic, type State } from './state.ts'
import type { TopList } from './top-list.ts'

/** The outcome of a vote. Topics are indexes, −1 for none. */
export interface Vote {
  topic: number
  /** The topic with the second most votes. */
  second: number
  /** The winner's part of all votes, 0…1. */
  share: number
  /** Every topic that got votes. */
  readonly topics: number[]
  readonly votes: number[]
}

/** Lets the ten nearest landmarks vote for their topics with max(cosine, 0)⁴. */
export function voteTopic(state: State, nearest: TopList): Vote {
  const topics: number[] = []
  const votes: number[] = []
  let total = 0
  for (let k = 0; k < Math.min(voters, nearest.count); k += 1) {
    const topic = landmarkTopic(state, nearest.ids[k]!)
    const weight = voteWeight(nearest.dots[k]!)
    if (topic < 0 || weight === 0) continue
    total += weight
    const at = topics.indexOf(topic)
    if (at < 0) {
      topics.push(topic)
      votes.push(weight)
    } else {
      votes[at] = votes[at]! + weight
    }
  }
  let best = -1
  let second = -1
  for (let t = 0; t < votes.length; t += 1) {
    if (best < 0 || votes[t]! > votes[best]!) {
      second = best
      best = t
    } else if (second < 0 || votes[t]! > votes[second]!) {
      second = t
    }
  }
  return { topic: topics[best] ?? -1, second: topics[second] ?? -1, share: best < 0 ? 0 : votes[best]! / total, topics, votes }
}

/** max(cosine, 0)⁴ */
export function voteWeight(dot: number): number {
  const cosine = Math.max(0, dot) * cosinePerDot
  return cosine * cosine * cosine * cosine
}

/** Mean cosine of the five nearest, 0 if there are none. @param dots falling, `count` of them from `from` on */
export function nearnessOf(dots: Int32Array, from: number, count: number): number {
  const close = Math.min(closeNeighbors, count)
  if (close === 0) return 0
  let sum = 0
  for (let k = 0; k < close; k += 1) sum += dots[from + k]!
  return (sum / close) * cosinePerDot
}

/** Robust distance from what is usual: how many deviations the nearness lies below the landmarks' median; 0 at or above it. */
export function outlierScore({ nearness }: State, value: number): number {
  return nearness.deviation === 0 ? 0 : Math.max(0, (nearness.median - value) / (1.4826 * nearness.deviation))
}
