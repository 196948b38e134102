/** A map that remembers what was set lately and forgets the rest. */

/** Holds at least the newest `capacity` keys and at most twice as many; every call takes constant time. */
export class RecentMap<V> {
  private readonly capacity: number
  private newer = new Map<string, V>()
  private older = new Map<string, V>()

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get(key: string): V | undefined {
    return this.newer.get(key) ?? this.older.get(key)
  }

  set(key: string, value: V): void {
    this.newer.set(key, value)
    if (this.newer.size < this.capacity) return
    this.older = this.newer
    this.newer = new Map()
  }
}
