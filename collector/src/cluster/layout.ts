/** Places the nodes of a graph on a plane: neighbours together, the others apart. */
import type { Graph } from './graph.ts'
import { createRandom } from './random.ts'

export interface LayoutOptions {
  readonly seed: number
  /** Passes over all edges. */
  readonly epochs: number
  /** How far the first pass may move a node, 0…1; falls to 0 with the last. */
  readonly heat: number
}

/** From a rough start, and from the picture of a moment ago. */
export const coldLayout: LayoutOptions = { seed: 42, epochs: 160, heat: 1 }
export const warmLayout: LayoutOptions = { seed: 42, epochs: 40, heat: 0.15 }

const tightness = 0.3 // of the curve 1 ÷ (1 + a·d²) that says how near two nodes count: loose groups, which dots can fill
const strangers = 3 // nodes that each edge's end is pushed away from
const longestStep = 4
const nearestSquare = 1e-3 // nodes on one spot are pushed apart with a finite force
const gravity = 0.01 // holds islands without a bridge together

/**
 * Attracts the ends of every edge and repels nodes drawn by chance, ever more gently. The same input gives the same bytes.
 * @param positions x0, y0, x1, y1 … of all nodes, shape (2 · nodes), finite: where they start; some ten units wide
 * @returns where they end
 * Cost O(epochs · edges). Source: McInnes, Healy & Melville 2018 (UMAP), §3.2, with all edges of one weight.
 */
export function layOutGraph({ nodes, offsets, targets }: Graph, positions: Float64Array, options: LayoutOptions): Float64Array {
  const at = positions.slice()
  const { seed, epochs, heat } = options
  const random = createRandom(seed, nodes)
  const perNode = nodes / 2 ** 24
  let state = Math.floor(random.next() * 0x7fffffff) | 1
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const step = heat * (1 - epoch / epochs)
    for (let i = 0; i < nodes; i += 1) {
      let x = at[2 * i]!
      let y = at[2 * i + 1]!
      for (let edge = offsets[i]!; edge < offsets[i + 1]!; edge += 1) {
        const j = targets[edge]!
        const dx = x - at[2 * j]!
        const dy = y - at[2 * j + 1]!
        const pull = (-2 * tightness * step) / (1 + tightness * (dx * dx + dy * dy))
        x += pull * dx
        y += pull * dy
        for (let s = 0; s < strangers; s += 1) {
          // xorshift32: one of the cheapest there are, and here it is called a hundred million times
          state ^= state << 13
          state ^= state >>> 17
          state ^= state << 5
          const k = ((state >>> 8) * perNode) | 0
          if (k === i) continue
          const ex = x - at[2 * k]!
          const ey = y - at[2 * k + 1]!
          const square = ex * ex + ey * ey
          const push = 2 / ((nearestSquare + square) * (1 + tightness * square))
          x += step * limited(push * ex)
          y += step * limited(push * ey)
        }
      }
      at[2 * i] = x - gravity * step * x
      at[2 * i + 1] = y - gravity * step * y
    }
  }
  return at
}

function limited(value: number): number {
  return value > longestStep ? longestStep : value < -longestStep ? -longestStep : value
}
