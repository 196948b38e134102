/** Every anchor there ever was: an id, a message count, where it belongs, and how it finds its landmarks. */
import { IdMap } from './id-map.ts'
import { pointers } from './options.ts'

/** What an evicted anchor's weight is multiplied with to fit 16 bits. */
export const weightUnit = 65535

/** Grows by doubling; anchor i is entry i of every array. Topics are indexes into their level's table, −1 for none. */
export class Anchors {
  count = 0
  /** As given by the caller: equal texts have equal ids. */
  ids = new BigUint64Array(0)
  /** The landmark's slot, or −1 − the anchor that took over this one's mass when it was evicted. */
  places = new Int32Array(0)
  /** Messages. */
  counts = new Uint32Array(0)
  /** The topic that people see: the machine's after people's edits. */
  topics = new Int32Array(0)
  /** The topic without people's merges, moves and splits, so that these can be taken back. */
  machineTopics = new Int32Array(0)
  subtopics = new Int32Array(0)
  /** Of an evicted anchor: its nearest surviving landmarks as anchors, shape (capacity, 5), −1 for none. */
  pointers = new Int32Array(0)
  /** max(cosine, 0)⁴ × 65535 of each pointer. */
  weights = new Uint16Array(0)
  /** Also holds the ids of texts that joined another text's anchor. */
  private byId = new IdMap()
  private halves = new Uint32Array(0)

  /** @returns the index of the new anchor */
  add(low: number, high: number): number {
    const index = this.count
    if (index === this.ids.length) this.resize(Math.max(1024, index * 2))
    this.halves[index * 2] = low
    this.halves[index * 2 + 1] = high
    this.byId.set(low, high, index)
    this.topics[index] = -1
    this.machineTopics[index] = -1
    this.subtopics[index] = -1
    this.count = index + 1
    return index
  }

  addId(id: bigint): number {
    return this.add(Number(id & 0xffffffffn), Number(id >> 32n))
  }

  /** The anchor of a text's id, −1 if the text is new. Ids are passed as halves, because a bigint costs an allocation. */
  find(low: number, high: number): number {
    return this.byId.get(low, high)
  }

  /** The anchor of a text's id, −1 if there is none. */
  findId(id: bigint): number {
    return this.byId.get(Number(id & 0xffffffffn), Number(id >> 32n))
  }

  /** Remembers that the text with this id belongs to `anchor`. */
  alias(low: number, high: number, anchor: number): void {
    this.byId.set(low, high, anchor)
  }

  /** The landmark that stands for an anchor: its own or that of whoever took its mass. Shortens the way for the next time. */
  landmarkOf(anchor: number): number {
    let holder = anchor
    while (this.places[holder]! < 0) holder = -1 - this.places[holder]!
    for (let at = anchor; this.places[at]! < 0;) {
      const next = -1 - this.places[at]!
      this.places[at] = -1 - holder
      at = next
    }
    return this.places[holder]!
  }

  /** Ids that are not an anchor's own, with the anchor they lead to. */
  aliases(): { ids: BigUint64Array; anchors: Int32Array } {
    const size = this.byId.size - this.count
    const ids = new BigUint64Array(size)
    const halves = new Uint32Array(ids.buffer)
    const anchors = new Int32Array(size)
    let n = 0
    this.byId.forEach((low, high, anchor) => {
      if (this.halves[anchor * 2] === low && this.halves[anchor * 2 + 1] === high) return
      halves[n * 2] = low
      halves[n * 2 + 1] = high
      anchors[n] = anchor
      n += 1
    })
    return { ids, anchors }
  }

  /** Fills an empty table. All arrays as long as `saved.ids`. */
  load(saved: AnchorColumns, aliases: { ids: BigUint64Array; anchors: Int32Array }): void {
    this.count = saved.ids.length
    this.byId = new IdMap(this.count + aliases.ids.length)
    Object.assign(this, saved)
    this.halves = new Uint32Array(this.ids.buffer, this.ids.byteOffset, this.count * 2)
    for (let i = 0; i < this.count; i += 1) this.byId.set(this.halves[i * 2]!, this.halves[i * 2 + 1]!, i)
    const halves = new Uint32Array(aliases.ids.buffer, aliases.ids.byteOffset, aliases.ids.length * 2)
    aliases.anchors.forEach((anchor, i) => this.byId.set(halves[i * 2]!, halves[i * 2 + 1]!, anchor))
  }

  /** The columns, cut to `count`; they share memory with the table. */
  columns(): AnchorColumns {
    const n = this.count
    return {
      ids: this.ids.subarray(0, n),
      places: this.places.subarray(0, n),
      counts: this.counts.subarray(0, n),
      topics: this.topics.subarray(0, n),
      machineTopics: this.machineTopics.subarray(0, n),
      subtopics: this.subtopics.subarray(0, n),
      pointers: this.pointers.subarray(0, n * pointers),
      weights: this.weights.subarray(0, n * pointers),
    }
  }

  private resize(capacity: number): void {
    const old = this.columns()
    this.ids = new BigUint64Array(capacity)
    this.ids.set(old.ids)
    this.halves = new Uint32Array(this.ids.buffer)
    this.counts = new Uint32Array(capacity)
    this.counts.set(old.counts)
    this.weights = new Uint16Array(capacity * pointers)
    this.weights.set(old.weights)
    for (const name of ['places', 'topics', 'machineTopics', 'subtopics'] as const) {
      const larger = new Int32Array(capacity)
      larger.set(old[name])
      this[name] = larger
    }
    this.pointers = new Int32Array(capacity * pointers)
    this.pointers.set(old.pointers)
  }
}

/** The table's columns. */
export type AnchorColumns = Pick<Anchors, 'ids' | 'places' | 'counts' | 'topics' | 'machineTopics' | 'subtopics' | 'pointers' | 'weights'>
