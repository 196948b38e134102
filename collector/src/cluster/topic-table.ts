/** The topics of one level: an index for the clusterer, an id that lasts for everyone else. */
import { mix32 } from './random.ts'

export const levels = ['subtopic', 'topic', 'theme'] as const
export type Level = (typeof levels)[number]

/** Topics are never taken out; index −1 means none, and so does the id 0. */
export class TopicTable {
  readonly level: Level
  readonly ids: bigint[] = []
  /** The topic one level up, as an index into its table. */
  readonly parents: number[] = []
  /** Where a topic's messages went when it ended, −1 while it lives or if they went nowhere. */
  readonly successors: number[] = []
  private readonly indexes = new Map<bigint, number>()

  constructor(level: Level) {
    this.level = level
  }

  get size(): number {
    return this.ids.length
  }

  /** Adds a topic with a given id, or finds it. */
  add(id: bigint): number {
    const known = this.indexes.get(id)
    if (known !== undefined) return known
    const index = this.ids.length
    this.indexes.set(id, index)
    this.ids.push(id)
    this.parents.push(-1)
    this.successors.push(-1)
    return index
  }

  /** Adds a new topic: two clusterers that saw the same give it the same id. @param seedAnchor id of an anchor in it */
  mint(seedAnchor: bigint, run: number): number {
    let id = topicId(this.level, seedAnchor, run)
    while (this.indexes.has(id)) id = BigInt.asUintN(64, id + 1n) // a chance of 2⁻⁶⁴ per pair
    return this.add(id)
  }

  /** The index of an id, −1 if it is not known. */
  find(id: bigint): number {
    return this.indexes.get(id) ?? -1
  }

  /** The id of an index, 0 for −1. */
  idOf(index: number): bigint {
    return index < 0 ? 0n : this.ids[index]!
  }

  /** Follows successors to a topic that lives. */
  living(index: number): number {
    let at = index
    for (let steps = 0; at >= 0 && this.successors[at]! >= 0 && steps < this.size; steps += 1) at = this.successors[at]!
    return at
  }
}

/** A 64-bit id, never 0, from what made the topic. */
export function topicId(level: Level, seedAnchor: bigint, run: number): bigint {
  const words = [Number(seedAnchor & 0xffffffffn), Number(seedAnchor >> 32n), run, levels.indexOf(level)]
  const half = (salt: number): bigint => BigInt(words.reduce((hash, word) => mix32(hash ^ mix32(word + 0x9e3779b9)), salt) >>> 0)
  const id = (half(1) << 32n) | half(2)
  return id === 0n ? 1n : id
}
