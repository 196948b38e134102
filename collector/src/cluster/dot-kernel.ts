/** Dot products of many vectors with many: WebAssembly SIMD where there is any, else plain JavaScript, with equal results. */
import { dotModule } from './dot-module.ts'
import { blockRows } from './options.ts'

/**
 * A component of a unit vector as int16: value × unit. The dot product of two unit vectors is then at most unit² < 2³⁰,
 * exact in int32 and the same on every machine; the rounding changes a cosine by about 1e-5.
 */
export const unit = 32767
/** Turns a dot product of two int16 unit vectors into their cosine. */
export const cosinePerDot = 1 / (unit * unit)

/** A block of queries against a table of rows, all int16 unit vectors, padded with zeros to `stride`. */
export interface DotKernel {
  /** Elements from one vector to the next: the dimensions rounded up to a multiple of 32. */
  readonly stride: number
  /** Shape (capacity, stride). */
  readonly rows: Int16Array
  /** Shape (64, stride). */
  readonly queries: Int16Array
  /** The result of the last `dots`: the product of query q and row r stands at q · scoreStride + r. */
  readonly scores: Int32Array
  /** Rows that fit: a multiple of 4. */
  readonly capacity: number
  /** What a row's product must exceed to be found by `findAbove`, shape (capacity): the caller's to keep. */
  readonly floors: Int32Array
  /** What the last `findAbove` found. */
  readonly hits: Int32Array
  /**
   * Multiplies the first `queryCount` queries with the rows `from` ≤ r < `to` and writes `scores`.
   * `from` is rounded down to a multiple of 4; up to 3 products behind `to` are written too.
   * @returns scoreStride
   */
  dots(queryCount: number, from: number, to: number): number
  /**
   * Looks through a query's products with the rows `from` ≤ r < `to` for those above the row's floor, or above `floor` where it is given.
   * `from` is a multiple of 4.
   * @returns how many groups of four rows hold one; the first row of each stands in `hits`, rising
   */
  findAbove(query: number, from: number, to: number, floor?: number): number
}

/**
 * A kernel with its own memory, all zero.
 * @param options `rows`: how many must fit; `plain`: without WebAssembly
 */
export function createDotKernel(options: { dimensions: number; rows: number; plain?: boolean }): DotKernel {
  const stride = Math.max(32, Math.ceil(options.dimensions / 32) * 32)
  const capacity = Math.ceil(Math.max(1, options.rows) / 4) * 4
  const bytes = { queries: blockRows * stride * 2, rows: capacity * stride * 2, scores: blockRows * capacity * 4, floors: capacity * 4 }
  const total = bytes.queries + bytes.rows + bytes.scores + bytes.floors + oneFloorBytes + capacity
  const isPlain = options.plain === true || wasm === undefined || simdModule === undefined
  const { buffer, dots, above } = isPlain ? plainMultiply(total) : simdMultiply(wasm, simdModule, total)
  const rowsAt = bytes.queries
  const scoresAt = bytes.queries + bytes.rows
  const floorsAt = scoresAt + bytes.scores
  const oneFloorAt = floorsAt + bytes.floors
  const hitsAt = oneFloorAt + oneFloorBytes
  const oneFloor = new Int32Array(buffer, oneFloorAt, 4)
  const hits = new Int32Array(buffer, hitsAt, capacity / 4)
  return {
    stride,
    capacity,
    queries: new Int16Array(buffer, 0, blockRows * stride),
    rows: new Int16Array(buffer, rowsAt, capacity * stride),
    scores: new Int32Array(buffer, scoresAt, blockRows * capacity),
    floors: new Int32Array(buffer, floorsAt, capacity),
    hits,
    dots(queryCount, from, to) {
      const end = Math.ceil(to / 4) * 4
      for (let row = from - (from % 4); row < end; row += chunkRows) {
        const stop = Math.min(end, row + chunkRows)
        const queriesEnd = Math.ceil(queryCount / 2) * 2 * stride * 2
        dots(0, queriesEnd, rowsAt + row * stride * 2, rowsAt + stop * stride * 2, stride * 2, scoresAt + row * 4, capacity * 4)
      }
      return capacity
    },
    findAbove(query, from, to, floor) {
      if (to <= from) return 0
      const first = scoresAt + query * capacity * 4
      const end = first + Math.ceil(to / 4) * 16
      if (floor !== undefined) oneFloor.fill(floor)
      const written =
        floor === undefined
          ? above(first + from * 4, end, floorsAt + from * 4, 16, hitsAt)
          : above(first + from * 4, end, oneFloorAt, 0, hitsAt)
      const count = (written - hitsAt) >> 2
      for (let h = 0; h < count; h += 1) hits[h] = (hits[h]! - first) >> 2
      return count
    },
  }
}

const oneFloorBytes = 16

const chunkRows = 32 // 24 KB at 384 dimensions: the rows stay in the first cache while all queries pass

/** See `dotModule` for the parameters: byte offsets. */
type Dots = (queries: number, queriesEnd: number, rows: number, rowsEnd: number, stride: number, out: number, outStride: number) => void

type Above = (scores: number, scoresEnd: number, floors: number, floorStep: number, out: number) => number

interface Multiplier {
  readonly buffer: ArrayBuffer
  readonly dots: Dots
  readonly above: Above
}

/** The part of WebAssembly's JavaScript interface that is used here, which Node's type library lacks. */
interface WasmApi {
  validate(bytes: Uint8Array): boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

const wasm = (globalThis as { WebAssembly?: WasmApi }).WebAssembly
const simdModule = compileSimd()

function compileSimd(): object | undefined {
  const bytes = dotModule()
  return wasm?.validate(bytes) === true ? new wasm.Module(bytes) : undefined
}

function simdMultiply(api: WasmApi, module: object, bytes: number): Multiplier {
  const memory = new api.Memory({ initial: Math.ceil(bytes / 65536) })
  const instance = new api.Instance(module, { env: { memory } })
  return { buffer: memory.buffer, dots: instance.exports['dots'] as Dots, above: instance.exports['above'] as Above }
}

function plainMultiply(bytes: number): Multiplier {
  const buffer = new ArrayBuffer(bytes)
  const vectors = new Int16Array(buffer, 0, bytes >> 1)
  const products = new Int32Array(buffer, 0, bytes >> 2)
  return {
    buffer,
    dots(queries, queriesEnd, rows, rowsEnd, stride, out, outStride) {
      const length = stride >> 1
      for (let q = queries >> 1, o = out >> 2; q < queriesEnd >> 1; q += length, o += outStride >> 2) {
        for (let r = rows >> 1, at = o; r < rowsEnd >> 1; r += length, at += 1) {
          let sum = 0
          for (let i = 0; i < length; i += 1) sum = (sum + Math.imul(vectors[q + i]!, vectors[r + i]!)) | 0
          products[at] = sum
        }
      }
    },
    above(scores, scoresEnd, floors, floorStep, out) {
      let end = out >> 2
      for (let s = scores >> 2, f = floors >> 2; s < scoresEnd >> 2; s += 4, f += floorStep >> 2) {
        const isAbove = [0, 1, 2, 3].some((lane) => products[s + lane]! > products[f + lane]!)
        if (isAbove) products[end++] = s << 2
      }
      return end << 2
    },
  }
}
