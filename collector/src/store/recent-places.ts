/** Remembers where keys were met lately and forgets the rest: numbers alone, so that a hundred thousand keys are nothing to the garbage collector. */

import type { EventKey } from './event-key.ts'

/** Holds at least the newest `capacity` keys and at most twice as many; every call takes constant time. */
export class RecentPlaces {
  private readonly capacity: number
  private newer: Table
  private older: Table

  constructor(capacity: number) {
    this.capacity = capacity
    this.newer = new Table(capacity)
    this.older = new Table(1)
  }

  /** @returns undefined for a key that was not met lately */
  get(key: EventKey): number | undefined {
    return this.newer.get(key) ?? this.older.get(key)
  }

  /** @param place 0…2^53 − 2 */
  set(key: EventKey, place: number): void {
    this.newer.set(key, place)
    if (this.newer.size < this.capacity) return
    this.older = this.newer
    this.newer = new Table(this.capacity)
  }
}

/** Open addressing, at most half full. What belongs to a key stands together: one look at the memory finds it. */
class Table {
  size = 0
  private readonly mask: number
  /** Four numbers a slot: the key's halves, and place + 1 in two halves of 32 bits; place + 1 = 0 in a free slot. */
  private readonly slots: Uint32Array

  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(capacity * 2))
    this.mask = slots - 1
    this.slots = new Uint32Array(4 * slots)
  }

  get(key: EventKey): number | undefined {
    const at = this.find(key)
    const place = this.slots[at + 2]! * 2 ** 32 + this.slots[at + 3]!
    return place === 0 ? undefined : place - 1
  }

  set(key: EventKey, place: number): void {
    const at = this.find(key)
    const { slots } = this
    if (slots[at + 2] === 0 && slots[at + 3] === 0) this.size++
    slots[at] = key.high
    slots[at + 1] = key.low
    slots[at + 2] = (place + 1) / 2 ** 32
    slots[at + 3] = (place + 1) % 2 ** 32
  }

  /** Where the key's slot begins, or the free one it would take. */
  private find({ high, low }: EventKey): number {
    const { slots, mask } = this
    let slot = low & mask
    for (;;) {
      const at = 4 * slot
      if (slots[at + 2] === 0 && slots[at + 3] === 0) return at
      if (slots[at] === high && slots[at + 1] === low) return at
      slot = (slot + 1) & mask
    }
  }
}
