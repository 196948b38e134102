/** Chance from a seed: the same seeds give the same numbers on every machine. */

/** A stream of pseudo-random numbers. */
export interface Random {
  /** The next number, uniform in 0 ≤ x < 1. */
  next(): number
}

/**
 * A stream that depends on nothing but its seeds.
 * @param seeds integers, such as the clusterer's seed and the number of the run
 * Source: splitmix32 (Steele, Lea & Flood 2014, with 32-bit constants).
 */
export function createRandom(...seeds: readonly number[]): Random {
  let state = 0
  for (const seed of seeds) state = mix32(state ^ mix32(seed + 0x9e3779b9))
  return {
    next() {
      state = (state + 0x9e3779b9) | 0
      return (mix32(state) >>> 0) / 4294967296
    },
  }
}

/** The numbers 0…n−1 in random order. */
export function randomOrder(n: number, random: Random): Int32Array {
  const order = new Int32Array(n)
  for (let i = 0; i < n; i += 1) {
    const j = Math.floor(random.next() * (i + 1))
    order[i] = order[j]!
    order[j] = i
  }
  return order
}

/** Mixes 32 bits so that near inputs give far outputs. */
export function mix32(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return x ^ (x >>> 15)
}
