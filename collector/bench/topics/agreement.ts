/** How far found groups agree with true ones, whatever the groups are called. */

/** How often true class a and found group b come together: counts[a · groups + b]. */
export interface Contingency {
  readonly counts: Float64Array
  readonly classes: number
  readonly groups: number
  readonly total: number
}

/** @param truth class of every row, 0… @param found group of every row, 0… */
export function contingency(truth: Int32Array, found: Int32Array): Contingency {
  const classes = Math.max(-1, ...truth) + 1
  const groups = Math.max(-1, ...found) + 1
  const counts = new Float64Array(classes * groups)
  truth.forEach((label, row) => (counts[label * groups + found[row]!]! += 1))
  return { counts, classes, groups, total: truth.length }
}

/** Adjusted Rand index: 1 for equal groupings, about 0 for unrelated ones. Source: Hubert & Arabie 1985. */
export function adjustedRandIndex(truth: Int32Array, found: Int32Array): number {
  const { counts, classes, groups, total } = contingency(truth, found)
  const pairs = (n: number): number => (n * (n - 1)) / 2
  const classSizes = new Float64Array(classes)
  const groupSizes = new Float64Array(groups)
  let together = 0
  counts.forEach((count, cell) => {
    together += pairs(count)
    classSizes[Math.floor(cell / groups)]! += count
    groupSizes[cell % groups]! += count
  })
  const inClasses = classSizes.reduce((sum, size) => sum + pairs(size), 0)
  const inGroups = groupSizes.reduce((sum, size) => sum + pairs(size), 0)
  const expected = (inClasses * inGroups) / pairs(total)
  const most = (inClasses + inGroups) / 2
  return most === expected ? 1 : (together - expected) / (most - expected)
}

/** Share of rows that are right when every class gets at most one group, in the best way. 0…1 */
export function matchedAccuracy(truth: Int32Array, found: Int32Array): number {
  const { counts, classes, groups, total } = contingency(truth, found)
  const size = Math.max(classes, groups)
  const cost = new Float64Array(size * size)
  counts.forEach((count, cell) => (cost[Math.floor(cell / groups) * size + (cell % groups)] = -count))
  return -assignmentCost(cost, size) / total
}

/**
 * Least cost of giving every row its own column.
 * @param cost shape (n, n)
 * Cost O(n³). Source: Kuhn 1955, Munkres 1957, with shortest augmenting paths (Jonker & Volgenant 1987).
 */
export function assignmentCost(cost: Float64Array, n: number): number {
  const rowPotential = new Float64Array(n + 1)
  const columnPotential = new Float64Array(n + 1)
  const rowOf = new Int32Array(n + 1) // of each column, counted from 1; 0 = free
  const previous = new Int32Array(n + 1)
  for (let row = 1; row <= n; row += 1) {
    rowOf[0] = row
    const slack = new Float64Array(n + 1).fill(Infinity)
    const isDone = new Uint8Array(n + 1)
    let column = 0
    while (rowOf[column] !== 0) {
      isDone[column] = 1
      const from = rowOf[column]!
      let least = Infinity
      let next = 0
      for (let j = 1; j <= n; j += 1) {
        if (isDone[j] === 1) continue
        const reduced = cost[(from - 1) * n + j - 1]! - rowPotential[from]! - columnPotential[j]!
        if (reduced < slack[j]!) {
          slack[j] = reduced
          previous[j] = column
        }
        if (slack[j]! < least) {
          least = slack[j]!
          next = j
        }
      }
      for (let j = 0; j <= n; j += 1) {
        if (isDone[j] === 1) {
          rowPotential[rowOf[j]!]! += least
          columnPotential[j]! -= least
        } else {
          slack[j]! -= least
        }
      }
      column = next
    }
    while (column !== 0) {
      rowOf[column] = rowOf[previous[column]!]!
      column = previous[column]!
    }
  }
  let total = 0
  for (let j = 1; j <= n; j += 1) total += cost[(rowOf[j]! - 1) * n + j - 1]!
  return total
}

/** Chance that a positive scores above a negative, ties half. 0…1 */
export function areaUnderCurve(positives: ArrayLike<number>, negatives: ArrayLike<number>): number {
  const all = [
    ...Array.from(positives, (score) => ({ score, isPositive: true })),
    ...Array.from(negatives, (score) => ({ score, isPositive: false })),
  ].sort((a, b) => a.score - b.score)
  let ranks = 0
  for (let start = 0; start < all.length;) {
    let end = start
    while (end < all.length && all[end]!.score === all[start]!.score) end += 1
    const rank = (start + end + 1) / 2 // mean rank of the tied, counted from 1
    for (let i = start; i < end; i += 1) if (all[i]!.isPositive) ranks += rank
    start = end
  }
  return (ranks - (positives.length * (positives.length + 1)) / 2) / (positives.length * negatives.length)
}
