/** The middle of groups of landmarks, what is nearest to it, and which groups are alike. */
import { createDotKernel } from './dot-kernel.ts'
import type { Landmarks } from './landmarks.ts'
import { createMatrix, type Matrix } from './matrix.ts'
import { blockRows } from './options.ts'
import { unitRow } from './quantize.ts'
import { createTopList, offer, offerRows, type TopList } from './top-list.ts'

/** Mean directions of groups, every message counted once; a group without landmarks has a zero row. */
export interface Centres {
  /** Of the vectors as they came: length 1, shape (groups, dimensions). */
  readonly raw: Matrix
  /** The same with the landmarks' mean taken out, length 1: what groups differ in. */
  readonly centred: Matrix
}

/** @param groups every landmark's group, −1 for none */
export function centresOf(landmarks: Landmarks, groups: Int32Array, groupCount: number): Centres {
  const { raw: vectors, mass, mean, dimensions, kernel } = landmarks
  const sums = new Float64Array(groupCount * dimensions)
  const messages = new Float64Array(groupCount)
  for (let slot = 0; slot < groups.length; slot += 1) {
    const group = groups[slot]!
    if (group < 0) continue
    const weight = mass[slot]!
    const from = slot * kernel.stride
    const to = group * dimensions
    messages[group] = messages[group]! + weight
    for (let i = 0; i < dimensions; i += 1) sums[to + i] = sums[to + i]! + weight * vectors[from + i]!
  }
  const centres = { raw: createMatrix(groupCount, dimensions), centred: createMatrix(groupCount, dimensions) }
  for (let group = 0; group < groupCount; group += 1) {
    const row = sums.subarray(group * dimensions, (group + 1) * dimensions)
    writeDirection(row, centres.raw, group)
    for (let i = 0; i < dimensions; i += 1) row[i] = row[i]! - messages[group]! * mean[i]!
    writeDirection(row, centres.centred, group)
  }
  return centres
}

/** The landmarks nearest to the centred middle of their own group: slots, and scores that only rank. */
export function centralLandmarks(landmarks: Landmarks, groups: Int32Array, centred: Matrix, size: number): TopList[] {
  const central = Array.from({ length: centred.rows }, () => createTopList(size))
  const { rows, stride } = landmarks.kernel
  const { data, cols } = centred
  for (let slot = 0; slot < groups.length; slot += 1) {
    const group = groups[slot]!
    if (group < 0) continue
    const from = slot * stride
    const centre = group * cols
    let dot = 0
    for (let i = 0; i < cols; i += 1) dot += rows[from + i]! * data[centre + i]!
    offer(central[group]!, slot, Math.round(dot * 1000))
  }
  return central
}

/** For every row of unit vectors the other rows nearest to it, best first. */
export function nearestRows({ data, rows, cols }: Matrix, size: number): number[][] {
  const kernel = createDotKernel({ dimensions: cols, rows })
  const vectors = Float64Array.from(data)
  for (let row = 0; row < rows; row += 1) unitRow(vectors, row * cols, cols, kernel.rows, row * kernel.stride)
  const nearest: number[][] = []
  for (let first = 0; first < rows; first += blockRows) {
    const count = Math.min(blockRows, rows - first)
    kernel.queries.set(kernel.rows.subarray(first * kernel.stride, (first + count) * kernel.stride))
    kernel.dots(count, 0, rows)
    for (let q = 0; q < count; q += 1) {
      const top = createTopList(size)
      offerRows(top, kernel, q, rows, { except: first + q })
      nearest.push([...top.ids.subarray(0, top.count)])
    }
  }
  return nearest
}

function writeDirection(sum: Float64Array, out: Matrix, row: number): void {
  let squares = 0
  for (const value of sum) squares += value * value
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares)
  for (let i = 0; i < sum.length; i += 1) out.data[row * out.cols + i] = sum[i]! * scale
}
