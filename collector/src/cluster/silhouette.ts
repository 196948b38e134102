/** How well partitions of the landmarks stand apart: a silhouette against centres instead of against all points. */
import { cosinePerDot, createDotKernel, unit, type DotKernel } from './dot-kernel.ts'
import type { Landmarks } from './landmarks.ts'
import { listWidth } from './neighbor-lists.ts'
import { blockRows, voters } from './options.ts'
import { unitRow } from './quantize.ts'

/** The landmarks' vectors, each averaged with its neighbours': noise goes, groups stay. */
export interface SmoothedVectors {
  readonly count: number
  readonly dimensions: number
  /** int16 unit vectors, shape (count, stride). */
  readonly data: Int16Array
  readonly stride: number
}

/** y = norm(v + mean of v over the 10 nearest). */
export function smoothVectors(landmarks: Landmarks): SmoothedVectors {
  const { count, dimensions, kernel, lists } = landmarks
  const { stride, rows } = kernel
  const data = new Int16Array(count * stride)
  const sum = new Int32Array(dimensions)
  for (let slot = 0; slot < count; slot += 1) {
    const near = Math.min(voters, lists.counts[slot]!)
    const own = slot * stride
    for (let i = 0; i < dimensions; i += 1) sum[i] = Math.imul(rows[own + i]!, Math.max(1, near))
    for (let k = 0; k < near; k += 1) {
      const from = lists.ids[slot * listWidth + k]! * stride
      for (let i = 0; i < dimensions; i += 1) sum[i] = (sum[i]! + rows[from + i]!) | 0
    }
    unitRow(sum, 0, dimensions, data, own)
  }
  return { count, dimensions, data, stride }
}

/**
 * Mean over all points of (b − a) ÷ max(a, b): a = cosine distance to the centre of the point's own group without the point,
 * b = to the nearest other group's centre. A point alone in its group counts 0.
 * @param labels every point's group, 0 … groups−1, shape (count)
 * @returns −1 … 1; 0 for a single group
 * Source: simplified silhouette (Hruschka, de Castro & Campello 2004), with cosine distances.
 */
export function silhouette(vectors: SmoothedVectors, labels: Int32Array, groups: number): number {
  const { count, data, stride } = vectors
  if (groups < 2) return 0
  const centres = centresOf(vectors, labels, groups)
  let total = 0
  for (let first = 0; first < count; first += blockRows) {
    const size = Math.min(blockRows, count - first)
    centres.kernel.queries.set(data.subarray(first * stride, (first + size) * stride))
    const scoreStride = centres.kernel.dots(size, 0, groups)
    for (let q = 0; q < size; q += 1) {
      const label = labels[first + q]!
      if (centres.sizes[label]! < 2) continue
      const own = withoutPoint(centres.kernel.scores[q * scoreStride + label]! * cosinePerDot, centres.lengths[label]!)
      const other = bestOther(centres.kernel.scores, q * scoreStride, groups, label) * cosinePerDot
      const a = Math.max(0, 1 - own)
      const b = Math.max(0, 1 - other)
      if (a !== b) total += (b - a) / Math.max(a, b)
    }
  }
  return count === 0 ? 0 : total / count
}

/** Cosine of a point with the sum of its group less itself, from its cosine with the whole sum and that sum's length. */
function withoutPoint(cosine: number, length: number): number {
  const product = cosine * length
  const rest = Math.sqrt(Math.max(0, length * length - 2 * product + 1))
  return rest < 1e-3 ? 0 : (product - 1) / rest
}

interface Centres {
  /** Its rows are the groups' directions. */
  readonly kernel: DotKernel
  /** Length of each group's sum. */
  readonly lengths: Float64Array
  readonly sizes: Int32Array
}

function centresOf({ count, dimensions, data, stride }: SmoothedVectors, labels: Int32Array, groups: number): Centres {
  const kernel = createDotKernel({ dimensions, rows: groups })
  const sums = new Int32Array(groups * dimensions) // holds 65,000 points of one direction
  const sizes = new Int32Array(groups)
  for (let point = 0; point < count; point += 1) {
    const group = labels[point]!
    sizes[group] = sizes[group]! + 1
    const to = group * dimensions
    const from = point * stride
    for (let i = 0; i < dimensions; i += 1) sums[to + i] = (sums[to + i]! + data[from + i]!) | 0
  }
  const lengths = new Float64Array(groups)
  for (let group = 0; group < groups; group += 1) {
    let squares = 0
    for (let i = 0; i < dimensions; i += 1) squares += sums[group * dimensions + i]! ** 2
    lengths[group] = Math.sqrt(squares) / unit
    unitRow(sums, group * dimensions, dimensions, kernel.rows, group * stride)
  }
  return { kernel, lengths, sizes }
}

function bestOther(scores: Int32Array, from: number, groups: number, own: number): number {
  let best = -0x80000000
  for (let group = 0; group < groups; group += 1) {
    if (group !== own && scores[from + group]! > best) best = scores[from + group]!
  }
  return best
}
