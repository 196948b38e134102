/** How soon intents that nobody has asked for before become a group of their own. */
import { createRandom, randomOrder } from '../../src/cluster/random.ts'
import { Stream } from './stream.ts'
import type { EmbeddedTexts } from './texts.ts'

const oldMessages = 5000
const newIntents = 15
const newShare = 0.3
const laterMessages = 3000
const runEvery = 150

/** Of one level of topics. */
export interface Detection {
  /** How many of the 15 new intents were found. */
  readonly found: number
  /** Messages of an intent when it was found, median over those found. */
  readonly medianMessages: number
}

export interface NewIntents {
  readonly topic: Detection
  readonly subtopic: Detection
  /** Mean share of earlier messages whose topic changed, per run. */
  readonly churn: number
}

/**
 * 5000 messages of all but 15 intents, then 3000 of which 30 % are of the 15, with a run every 150. An intent is found when one group
 * holds at least half of its messages so far and they are at least half of the group.
 */
export function measureNewIntents(texts: EmbeddedTexts, seed: number): NewIntents {
  const isNew = chooseIntents(texts.labels, seed)
  const rows = randomOrder(texts.labels.length, createRandom(seed, 3))
  const oldRows = rows.filter((row) => !isNew.has(texts.labels[row]!))
  const later = mix(
    oldRows.subarray(oldMessages),
    rows.filter((row) => isNew.has(texts.labels[row]!)),
    seed,
  )
  const found = { topic: new Map<number, number>(), subtopic: new Map<number, number>() }
  const churns: number[] = []
  const stream = new Stream(texts.vectors.cols, (run, seen) => {
    if (seen <= oldMessages) return
    churns.push(run.churn)
    const placements = stream.placements()
    for (const level of ['topic', 'subtopic'] as const) {
      const groups = placements.map((placement) => placement[level])
      for (const [label, messages] of detected(stream.truth, groups, isNew)) {
        if (!found[level].has(label)) found[level].set(label, messages)
      }
    }
  })
  stream.add(texts, oldRows.subarray(0, oldMessages))
  stream.consolidate()
  stream.add(texts, later, runEvery)
  return {
    topic: summary(found.topic),
    subtopic: summary(found.subtopic),
    churn: churns.reduce((sum, churn) => sum + churn, 0) / churns.length,
  }
}

function chooseIntents(labels: Int32Array, seed: number): Set<number> {
  return new Set(randomOrder(Math.max(...labels) + 1, createRandom(seed, 2)).subarray(0, newIntents))
}

/** Old and new rows in their order, a new one with the chance of 30 %. */
function mix(oldRows: Int32Array, newRows: Int32Array, seed: number): Int32Array {
  const random = createRandom(seed, 4)
  let [olds, news] = [0, 0]
  return Int32Array.from({ length: laterMessages }, () => {
    if (random.next() < newShare) {
      news += 1
      return newRows[news - 1]!
    }
    olds += 1
    return oldRows[olds - 1]!
  })
}

/** The new intents that have a group of their own, with the number of their messages. */
function detected(truth: readonly number[], groups: readonly bigint[], isNew: ReadonlySet<number>): Map<number, number> {
  const intentSizes = new Map<number, number>()
  const groupSizes = new Map<bigint, number>()
  const common = new Map<number, Map<bigint, number>>()
  groups.forEach((group, i) => {
    groupSizes.set(group, (groupSizes.get(group) ?? 0) + 1)
    const label = truth[i]!
    if (!isNew.has(label)) return
    intentSizes.set(label, (intentSizes.get(label) ?? 0) + 1)
    const row = common.get(label) ?? new Map<bigint, number>()
    row.set(group, (row.get(group) ?? 0) + 1)
    common.set(label, row)
  })
  const found = new Map<number, number>()
  for (const [label, row] of common) {
    const size = intentSizes.get(label)!
    for (const [group, count] of row) {
      if (group !== 0n && count >= size / 2 && count >= groupSizes.get(group)! / 2) found.set(label, size)
    }
  }
  return found
}

function summary(found: ReadonlyMap<number, number>): Detection {
  const messages = [...found.values()].sort((a, b) => a - b)
  const middle = messages.length >> 1
  const median = messages.length % 2 === 1 ? messages[middle]! : ((messages[middle - 1] ?? NaN) + (messages[middle] ?? NaN)) / 2
  return { found: found.size, medianMessages: median }
}
