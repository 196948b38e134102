/** The plane through a set of vectors on which they spread most. */
import { createRandom } from './random.ts'

const rounds = 12 // of the power iteration: the axes need not be exact

/**
 * Each vector's place on its set's two principal axes.
 * @param rows int16, row-major, at least `stride` · `count` long; centred
 * @param width of the result: standard deviation along the first axis
 * @returns x0, y0, x1, y1 …, shape (2 · count)
 * Cost O(rounds · count · stride).
 */
export function principalPlane(rows: Int16Array, count: number, stride: number, width: number): Float64Array {
  const first = principalAxis(rows, count, stride, undefined)
  const second = principalAxis(rows, count, stride, first)
  const places = new Float64Array(2 * count)
  let squares = 0
  for (let row = 0; row < count; row += 1) {
    const x = along(rows, row * stride, first)
    places[2 * row] = x
    places[2 * row + 1] = along(rows, row * stride, second)
    squares += x * x
  }
  const scale = squares === 0 ? 0 : width / Math.sqrt(squares / count)
  return places.map((value) => value * scale)
}

/** @param other an axis that the result is orthogonal to */
function principalAxis(rows: Int16Array, count: number, stride: number, other: Float64Array | undefined): Float64Array {
  const random = createRandom(stride, other === undefined ? 0 : 1)
  let axis = unitAxis(
    Float64Array.from({ length: stride }, () => random.next() - 0.5),
    other,
  )
  for (let round = 0; round < rounds; round += 1) {
    const sum = new Float64Array(stride)
    for (let row = 0; row < count; row += 1) {
      const from = row * stride
      const place = along(rows, from, axis)
      for (let i = 0; i < stride; i += 1) sum[i]! += place * rows[from + i]!
    }
    axis = unitAxis(sum, other)
  }
  return axis
}

function along(rows: Int16Array, from: number, axis: Float64Array): number {
  let sum = 0
  for (let i = 0; i < axis.length; i += 1) sum += rows[from + i]! * axis[i]!
  return sum
}

/** All zero where nothing is left beside `other`. */
function unitAxis(vector: Float64Array, other: Float64Array | undefined): Float64Array {
  const shared = other === undefined ? 0 : vector.reduce((sum, value, i) => sum + value * other[i]!, 0)
  const rest = vector.map((value, i) => value - shared * (other?.[i] ?? 0))
  const length = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? rest : rest.map((value) => value / length)
}
