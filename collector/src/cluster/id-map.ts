/** A hash map from 64-bit ids to small integers that stays cheap at millions of entries. */
import { mix32 } from './random.ts'

/** Open addressing with linear probing; ids are never taken out. */
export class IdMap {
  size = 0
  private keys: Uint32Array // low and high half of entry i at 2i, 2i + 1
  private values: Int32Array // −1 = free

  constructor(expected = 16) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, expected) * 1.6))
    this.keys = new Uint32Array(capacity * 2)
    this.values = new Int32Array(capacity).fill(-1)
  }

  /** The value of the id with these halves, −1 where it has none. */
  get(low: number, high: number): number {
    return this.values[this.find(low, high)]!
  }

  /** @param value ≥ 0 */
  set(low: number, high: number, value: number): void {
    if (this.size * 1.5 > this.values.length) this.grow()
    const at = this.find(low, high)
    if (this.values[at]! < 0) this.size += 1
    this.keys[at * 2] = low
    this.keys[at * 2 + 1] = high
    this.values[at] = value
  }

  /** Calls `visit` for every entry, in no useful order. */
  forEach(visit: (low: number, high: number, value: number) => void): void {
    for (let at = 0; at < this.values.length; at += 1) {
      if (this.values[at]! >= 0) visit(this.keys[at * 2]!, this.keys[at * 2 + 1]!, this.values[at]!)
    }
  }

  private find(low: number, high: number): number {
    const mask = this.values.length - 1
    let at = (low ^ mix32(high)) & mask
    while (this.values[at]! >= 0 && (this.keys[at * 2] !== low || this.keys[at * 2 + 1] !== high)) at = (at + 1) & mask
    return at
  }

  private grow(): void {
    const { keys, values } = this
    this.keys = new Uint32Array(keys.length * 2)
    this.values = new Int32Array(values.length * 2).fill(-1)
    for (let at = 0; at < values.length; at += 1) {
      if (values[at]! < 0) continue
      const to = this.find(keys[at * 2]!, keys[at * 2 + 1]!)
      this.keys[to * 2] = keys[at * 2]!
      this.keys[to * 2 + 1] = keys[at * 2 + 1]!
      this.values[to] = values[at]!
    }
  }
}
