/** A row-major matrix of float32 rows, the form vectors travel in between the stages. */
export interface Matrix {
  /** Length rows × cols. */
  readonly data: Float32Array
  readonly rows: number
  readonly cols: number
}

/** An all-zero matrix of the given shape. */
export function createMatrix(rows: number, cols: number): Matrix {
  return { data: new Float32Array(rows * cols), rows, cols }
}
