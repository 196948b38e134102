/** Unit vectors as int16, as they came and with the mean taken out. */
import { unit } from './dot-kernel.ts'
import type { Matrix } from './matrix.ts'

/**
 * Rounds row `row` of a matrix of unit vectors to int16 × 1/32767.
 * @returns whether the row says anything: false for a zero row, which stands for "no embedding"
 */
export function quantizeRow(vectors: Matrix, row: number, out: Int16Array, outAt: number): boolean {
  const from = row * vectors.cols
  let any = false
  for (let i = 0; i < vectors.cols; i += 1) {
    const value = Math.round(vectors.data[from + i]! * unit)
    out[outAt + i] = value
    any ||= value !== 0
  }
  return any
}

/**
 * Writes the unit vector of `raw − mean`; all zero where the two are equal.
 * @param mean float, in units of the raw int16 values; its length is the number of dimensions
 */
export function centreRow(raw: Int16Array, rawAt: number, mean: Float64Array, out: Int16Array, outAt: number): void {
  let squares = 0
  for (let i = 0; i < mean.length; i += 1) {
    const value = raw[rawAt + i]! - mean[i]!
    squares += value * value
  }
  const scale = squares < 1 ? 0 : unit / Math.sqrt(squares)
  for (let i = 0; i < mean.length; i += 1) out[outAt + i] = Math.round((raw[rawAt + i]! - mean[i]!) * scale)
}

/** Writes `vector` (any length, any scale) as a unit vector; all zero for a zero vector. */
export function unitRow(vector: Float64Array | Int32Array, from: number, cols: number, out: Int16Array, outAt: number): void {
  let squares = 0
  for (let i = 0; i < cols; i += 1) squares += vector[from + i]! * vector[from + i]!
  const scale = squares === 0 ? 0 : unit / Math.sqrt(squares)
  for (let i = 0; i < cols; i += 1) out[outAt + i] = Math.round(vector[from + i]! * scale)
}
