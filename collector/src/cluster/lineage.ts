/** What became of topics between two runs, from where their messages went. */

/** One step in the life of a topic. Ids are 0 where there is none. */
export interface LineageStep {
  /**
   * `continued`: fromId = toId. `born`: new, mostly from messages without a topic. `split`: new, at least half of its old messages came
   * from fromId. `merge`: fromId ended, at least half of it went to toId. `retired`: fromId ended, its largest part went to toId.
   */
  readonly kind: 'born' | 'split' | 'merge' | 'retired' | 'continued'
  readonly fromId: bigint
  readonly toId: bigint
  /** Messages that both have; for `born` the new topic's. */
  readonly mass: number
}

/** Where messages were and are: topics by index, −1 for none. */
export class Flows {
  private readonly moves = new Map<number, number>()
  private readonly stayed: Float64Array
  readonly before: Float64Array
  readonly after: Float64Array
  private readonly topicCount: number

  constructor(topicCount: number) {
    this.topicCount = topicCount
    this.before = new Float64Array(topicCount)
    this.after = new Float64Array(topicCount)
    this.stayed = new Float64Array(topicCount)
  }

  add(from: number, to: number, mass: number): void {
    if (from >= 0) this.before[from] = this.before[from]! + mass
    if (to >= 0) this.after[to] = this.after[to]! + mass
    if (from < 0 || to < 0) return
    if (from === to) {
      this.stayed[from] = this.stayed[from]! + mass
      return
    }
    const key = from * this.topicCount + to
    this.moves.set(key, (this.moves.get(key) ?? 0) + mass)
  }

  /** @param idOf id of a topic's index */
  steps(idOf: (topic: number) => bigint): LineageStep[] {
    const { before, after } = this
    const largestInto = new Map<number, { other: number; mass: number }>()
    const largestFrom = new Map<number, { other: number; mass: number }>()
    for (const [key, mass] of this.moves) {
      const from = Math.floor(key / this.topicCount)
      const to = key % this.topicCount
      if (mass > (largestInto.get(to)?.mass ?? 0)) largestInto.set(to, { other: from, mass })
      if (mass > (largestFrom.get(from)?.mass ?? 0)) largestFrom.set(from, { other: to, mass })
    }
    const steps: LineageStep[] = []
    for (let topic = 0; topic < this.topicCount; topic += 1) {
      const id = idOf(topic)
      if (before[topic]! > 0 && after[topic]! > 0) {
        steps.push({ kind: 'continued', fromId: id, toId: id, mass: this.stayed[topic]! })
      } else if (after[topic]! > 0) {
        const origin = largestInto.get(topic)
        const isSplit = origin !== undefined && origin.mass >= after[topic]! / 2
        if (isSplit) steps.push({ kind: 'split', fromId: idOf(origin.other), toId: id, mass: origin.mass })
        else steps.push({ kind: 'born', fromId: 0n, toId: id, mass: after[topic]! })
      } else if (before[topic]! > 0) {
        const heir = largestFrom.get(topic)
        const kind = heir !== undefined && heir.mass >= before[topic]! / 2 ? 'merge' : 'retired'
        steps.push({ kind, fromId: id, toId: heir === undefined ? 0n : idOf(heir.other), mass: heir?.mass ?? 0 })
      }
    }
    return steps
  }
}
