/** Ward's tree: points are put together so that their groups stay as compact as possible. */
import type { Matrix } from './matrix.ts'

/** One step of the tree: the groups that contain the points `a` and `b` become one. */
export interface Merge {
  readonly a: number
  readonly b: number
  /** By how much the merge raises the mass-weighted sum of squared distances to the groups' centres, ≥ 0. */
  readonly cost: number
}

/**
 * All merges, cheapest first.
 * @param masses weight of each point, > 0
 * @returns rows − 1 merges
 * Cost O(n² · cols) for distances, O(n³) at worst for the search: meant for some hundred points.
 * Source: Ward 1963; distances updated by Lance & Williams.
 */
export function wardTree(points: Matrix, masses: Float64Array): Merge[] {
  const n = points.rows
  const cost = initialCosts(points, masses)
  const mass = masses.slice()
  const isAlive = new Uint8Array(n).fill(1)
  const merges: Merge[] = []
  for (let step = 1; step < n; step += 1) {
    const { a, b } = cheapest(cost, isAlive)
    const joined = cost[a * n + b]!
    merges.push({ a, b, cost: joined })
    const [ma, mb] = [mass[a]!, mass[b]!]
    for (let c = 0; c < n; c += 1) {
      if (isAlive[c] === 0 || c === a || c === b) continue
      const mc = mass[c]!
      const updated = ((ma + mc) * cost[a * n + c]! + (mb + mc) * cost[b * n + c]! - mc * joined) / (ma + mb + mc)
      cost[a * n + c] = updated
      cost[c * n + a] = updated
    }
    mass[a] = ma + mb
    isAlive[b] = 0
  }
  return merges
}

/** The tree cut where `groups` groups are left. @returns every point's group, 0 … groups−1 in order of their first point */
export function cutTree(merges: readonly Merge[], points: number, groups: number): Int32Array {
  const leader = Int32Array.from({ length: points }, (_, i) => i)
  for (const { a, b } of merges.slice(0, Math.max(0, points - groups))) {
    const from = leader[b]!
    const to = leader[a]!
    for (let i = 0; i < points; i += 1) if (leader[i] === from) leader[i] = to
  }
  const names = new Map<number, number>()
  return leader.map((name) => {
    if (!names.has(name)) names.set(name, names.size)
    return names.get(name)!
  })
}

/** mass product ÷ mass sum × squared distance, shape (n, n). */
function initialCosts({ data, rows, cols }: Matrix, masses: Float64Array): Float64Array {
  const cost = new Float64Array(rows * rows)
  for (let a = 0; a < rows; a += 1) {
    for (let b = a + 1; b < rows; b += 1) {
      let squares = 0
      for (let i = 0; i < cols; i += 1) squares += (data[a * cols + i]! - data[b * cols + i]!) ** 2
      const value = ((masses[a]! * masses[b]!) / (masses[a]! + masses[b]!)) * squares
      cost[a * rows + b] = value
      cost[b * rows + a] = value
    }
  }
  return cost
}

function cheapest(cost: Float64Array, isAlive: Uint8Array): { a: number; b: number } {
  const n = isAlive.length
  let best = { a: 0, b: 0, cost: Infinity }
  for (let a = 0; a < n; a += 1) {
    if (isAlive[a] === 0) continue
    for (let b = a + 1; b < n; b += 1) {
      if (isAlive[b] === 1 && cost[a * n + b]! < best.cost) best = { a, b, cost: cost[a * n + b]! }
    }
  }
  return best
}
