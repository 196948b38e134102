/** Small statistics for shares: intervals and tests that stay right for small counts. */

/** Two-sided 95 %. */
const z95 = 1.959963984540054

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Where a share may lie, 95 %: Wilson 1927. @param whole 0 gives 0…1 */
export function wilson(part: number, whole: number): Interval {
  if (whole === 0) return { low: 0, high: 1 }
  const p = part / whole
  const z2 = z95 * z95
  const center = (p + z2 / (2 * whole)) / (1 + z2 / whole)
  const half = (z95 / (1 + z2 / whole)) * Math.sqrt((p * (1 - p)) / whole + z2 / (4 * whole * whole))
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) }
}

/** Where the difference of two independent shares (b − a) may lie, 95 %: Newcombe 1998, method 10. */
export function newcombe(a: number, wholeA: number, b: number, wholeB: number): Interval {
  const [pa, pb] = [wholeA === 0 ? 0 : a / wholeA, wholeB === 0 ? 0 : b / wholeB]
  const [ia, ib] = [wilson(a, wholeA), wilson(b, wholeB)]
  const difference = pb - pa
  return {
    low: Math.max(-1, difference - Math.hypot(pb - ib.low, ia.high - pa)),
    high: Math.min(1, difference + Math.hypot(ib.high - pb, pa - ia.low)),
  }
}

/** How likely so large a difference of two shares is by chance: pooled two-proportion z test, two-sided. */
export function differenceTest(a: number, wholeA: number, b: number, wholeB: number): number {
  if (wholeA === 0 || wholeB === 0) return 1
  const pooled = (a + b) / (wholeA + wholeB)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / wholeA + 1 / wholeB))
  return error === 0 ? 1 : twoSided((b / wholeB - a / wholeA) / error)
}

/** Which of the tests stay significant at a false-discovery rate: Benjamini & Hochberg 1995. */
export function falseDiscoveryControl(pValues: readonly number[], rate = 0.05): boolean[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!)
  const last = order.findLastIndex((i, rank) => pValues[i]! <= (rate * (rank + 1)) / pValues.length)
  const significant = pValues.map(() => false)
  for (const i of order.slice(0, last + 1)) significant[i] = true
  return significant
}

/**
 * How much more often something happens within a part than in all: the ratio of the shares and its 95 % interval on the log scale (Katz 1978).
 * @param hits of `part` within; `allHits` of `all`, which contains the part
 */
export function lift(hits: number, part: number, allHits: number, all: number): Interval & { readonly lift: number } {
  if (part === 0 || allHits === 0) return { lift: 0, low: 0, high: 0 }
  const ratio = hits / part / (allHits / all)
  const spread = hits === 0 ? 0 : z95 * Math.sqrt(Math.max(0, 1 / hits - 1 / part + 1 / allHits - 1 / all))
  // No hit: the rule of three says how large the share may still be.
  if (hits === 0) return { lift: 0, low: 0, high: Math.min(1, 3 / part) / (allHits / all) }
  return { lift: ratio, low: ratio * Math.exp(-spread), high: ratio * Math.exp(spread) }
}

/** P(|Z| ≥ |z|) of the standard normal distribution, absolute error below 1.2e-7. */
export function twoSided(z: number): number {
  // erfc by a Chebyshev fit: Press et al., Numerical Recipes, §6.2.
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + x / 2)
  const terms = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277]
  const polynomial = terms.reduceRight((sum, term) => sum * t + term, 0)
  return Math.min(1, t * Math.exp(-x * x + polynomial))
}
