/** The middle of groups of landmarks, and the landmarks nearest to it. */
import type { Landmarks } from './landmarks.ts'
import { createMatrix, type Matrix } from './matrix.ts'
import { createTopList, offer, type TopList } from './top-list.ts'

/** Mean directions of groups; a group without landmarks has a zero row. */
export interface Centres {
  /** Mean of the vectors as they came, length 1, shape (groups, dimensions). */
  readonly raw: Matrix
  /** Mean of the centred vectors, length 1, same shape. */
  readonly centred: Matrix
}

/** @param groups every landmark's group, −1 for none; every message counts once */
export function centresOf(landmarks: Landmarks, groups: Int32Array, groupCount: number): Centres {
  return {
    raw: meanDirections(landmarks.raw, landmarks, groups, groupCount),
    centred: meanDirections(landmarks.kernel.rows, landmarks, groups, groupCount),
  }
}

/** The landmarks nearest to each group's centred mean: slots and scores that only rank. */
export function centralLandmarks(landmarks: Landmarks, groups: Int32Array, centred: Matrix, size: number): TopList[] {
  const central = Array.from({ length: centred.rows }, () => createTopList(size))
  const { rows, stride } = landmarks.kernel
  groups.forEach((group, slot) => {
    if (group < 0) return
    let dot = 0
    for (let i = 0; i < centred.cols; i += 1) dot += rows[slot * stride + i]! * centred.data[group * centred.cols + i]!
    offer(central[group]!, slot, Math.round(dot * 1000))
  })
  return central
}

/** For every row of unit vectors the other rows nearest to it, best first. */
export function nearestRows(vectors: Matrix, size: number): number[][] {
  const { data, rows, cols } = vectors
  return Array.from({ length: rows }, (_, row) => {
    const top = createTopList(size)
    for (let other = 0; other < rows; other += 1) {
      if (other === row) continue
      let dot = 0
      for (let i = 0; i < cols; i += 1) dot += data[row * cols + i]! * data[other * cols + i]!
      offer(top, other, Math.round(dot * 1e9))
    }
    return [...top.ids.subarray(0, top.count)]
  })
}

function meanDirections(vectors: Int16Array, landmarks: Landmarks, groups: Int32Array, groupCount: number): Matrix {
  const { dimensions, mass, kernel } = landmarks
  const sums = new Float64Array(groupCount * dimensions)
  groups.forEach((group, slot) => {
    if (group < 0) return
    const from = slot * kernel.stride
    const to = group * dimensions
    for (let i = 0; i < dimensions; i += 1) sums[to + i] = sums[to + i]! + mass[slot]! * vectors[from + i]!
  })
  const means = createMatrix(groupCount, dimensions)
  for (let group = 0; group < groupCount; group += 1) {
    const row = sums.subarray(group * dimensions, (group + 1) * dimensions)
    const length = Math.sqrt(row.reduce((squares, value) => squares + value * value, 0))
    if (length > 0)
      means.data.set(
        row.map((value) => value / length),
        group * dimensions,
      )
  }
  return means
}
