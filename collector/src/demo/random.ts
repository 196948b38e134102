/** Chance for the demo: seeded, so that the same seed tells the same story. */

/** A stream of numbers that looks random and is fixed by its seed. */
export class Random {
  #state: number

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 ≤ x < 1, 32 bits. Source: mulberry32, public domain, T. Ettinger. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number, from ≤ n ≤ to. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('cannot pick from an empty list')
    return list[Math.floor(this.next() * list.length)]!
  }

  /**
   * Picks by weight.
   * @param weights of at least one entry above 0
   * @throws RangeError when no weight is above 0
   */
  weighted<T>(weights: readonly (readonly [T, number])[]): T {
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
    let rest = this.next() * total
    for (const [value, weight] of weights) {
      if (weight > 0 && rest < weight) return value
      rest -= weight
    }
    const last = weights.findLast(([, weight]) => weight > 0)
    if (last === undefined) throw new RangeError('no weight is above 0')
    return last[0]
  }

  /** Log-normal: `median` × e^(σ·normal), the shape of latencies and basket values. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
    return median * Math.exp(sigma * normal)
  }

  /** Lower-case hex digits. */
  hex(length: number): string {
    return Array.from({ length }, () => this.integer(0, 15).toString(16)).join('')
  }
}
