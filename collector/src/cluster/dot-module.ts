/**
 * Assembles the WebAssembly module of the dot products: a loop over 2 queries × 4 rows, eight int16 lanes at a time, and a search among
 * the products, four at a time.
 */

const i32 = 0x7f
const v128 = 0x7b
const bytesPerStep = 16 // one SIMD register
const stepsPerRound = 4 // unrolled, so that pointers move once per 64 bytes

// Parameters and locals by number. Pointers are byte offsets into the memory.
const local = {
  query: 0,
  queriesEnd: 1,
  rows: 2,
  rowsEnd: 3,
  stride: 4,
  out: 5,
  outStride: 6,
  secondQuery: 7,
  out4: 8,
  x: 9,
  y: 10,
  row: [11, 12, 13, 14],
  // from here on v128
  u: 15,
  v: 16,
  t: 17,
  sumX: [18, 19, 20, 21],
  sumY: [22, 23, 24, 25],
} as const

// Those of the search.
const found = { scores: 0, scoresEnd: 1, floors: 2, floorStep: 3, out: 4 } as const

const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const get = (index: number): number[] => [0x20, index]
const set = (index: number): number[] => [0x21, index]
const add = [0x6a]
const simd = (opcode: number, ...rest: number[]): number[] => [0xfd, ...unsigned(opcode), ...rest]
const load = (pointer: number, offset: number): number[] => [...get(pointer), ...simd(0x00, 4, ...unsigned(offset))]
const store = simd(0x0b, 4, 0)
const storeNumber = [0x36, 2, 0]
const zero = simd(0x0c, ...Array.from({ length: 16 }, () => 0))
const addLanes = simd(0xae) // i32x4.add
const isGreater = simd(0x3b) // i32x4.gt_s
const anyLane = simd(0x53) // v128.any_true
const multiplyPairs = simd(0xba) // i32x4.dot_i16x8_s
const pick = (...lanes: number[]): number[] => simd(0x0d, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)))
const advance = (pointer: number, bytes: number): number[] => [...get(pointer), 0x41, ...signed(bytes), ...add, ...set(pointer)]
const move = (to: number, from: number): number[] => [...get(from), ...set(to)]
const sum = (to: number, a: number, b: number): number[] => [...get(a), ...get(b), ...add, ...set(to)]
/** do { body } while (a < b) */
const loopWhileBelow = (a: number, b: number, body: number[]): number[] => [0x03, 0x40, ...body, ...get(a), ...get(b), 0x49, 0x0d, 0, 0x0b]

/**
 * The module's bytes. It imports `env.memory` and exports
 * `dots(queries, queriesEnd, rows, rowsEnd, stride, out, outStride)`: for each query one row of int32 dot products.
 * The number of queries is even, the number of rows a multiple of 4, neither is 0, the stride a multiple of 64 bytes.
 * `above(scores, scoresEnd, floors, floorStep, out)`: writes the address of every four scores of which one is above its floor, and returns
 * the end of what it wrote. At least four scores; a floorStep of 0 compares all with the same four floors, 16 with one each.
 * Source: webassembly.github.io/spec/core/binary.
 */
export function dotModule(): Uint8Array<ArrayBuffer> {
  const locals = [2, ...unsigned(8), i32, ...unsigned(11), v128]
  const code = [...locals, ...queryLoop(), 0x0b]
  const search = [0, ...searchLoop(), ...get(found.out), 0x0b]
  return Uint8Array.from([
    ...magicAndVersion,
    ...section(1, [2, 0x60, 7, i32, i32, i32, i32, i32, i32, i32, 0, 0x60, 5, i32, i32, i32, i32, i32, 1, i32]),
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 1]),
    ...section(3, [2, 0, 1]),
    ...section(7, [2, ...name('dots'), 0, 0, ...name('above'), 0, 1]),
    ...section(10, [2, ...unsigned(code.length), ...code, ...unsigned(search.length), ...search]),
  ])
}

/** For each pair of queries, which lie behind each other: all rows. */
function queryLoop(): number[] {
  return loopWhileBelow(local.query, local.queriesEnd, [
    ...sum(local.secondQuery, local.query, local.stride),
    ...move(local.out4, local.out),
    ...move(local.row[0], local.rows),
    ...rowLoop(),
    ...sum(local.out, local.out, local.outStride),
    ...sum(local.out, local.out, local.outStride),
    ...move(local.query, local.y), // y stands behind the second query
  ])
}

/** For four rows at a time: eight sums, written as four numbers for each of the two queries. */
function rowLoop(): number[] {
  return loopWhileBelow(local.row[0], local.rowsEnd, [
    ...[1, 2, 3].flatMap((r) => sum(local.row[r]!, local.row[r - 1]!, local.stride)),
    ...[...local.sumX, ...local.sumY].flatMap((index) => [...zero, ...set(index)]),
    ...move(local.x, local.query),
    ...move(local.y, local.secondQuery),
    ...dimensionLoop(),
    ...get(local.out4),
    ...laneSums(local.sumX),
    ...store,
    ...sum(local.x, local.out4, local.outStride),
    ...get(local.x),
    ...laneSums(local.sumY),
    ...store,
    ...advance(local.out4, bytesPerStep),
    ...move(local.row[0], local.row[3]), // which stands behind the fourth row
  ])
}

/** Multiplies two queries with four rows; ends where the first query ends and the second begins. */
function dimensionLoop(): number[] {
  const body: number[] = []
  for (let step = 0; step < stepsPerRound; step += 1) {
    const offset = step * bytesPerStep
    body.push(...load(local.x, offset), ...set(local.u), ...load(local.y, offset), ...set(local.v))
    for (let r = 0; r < 4; r += 1) {
      body.push(...load(local.row[r]!, offset), ...set(local.t))
      body.push(...get(local.sumX[r]!), ...get(local.t), ...get(local.u), ...multiplyPairs, ...addLanes, ...set(local.sumX[r]!))
      body.push(...get(local.sumY[r]!), ...get(local.t), ...get(local.v), ...multiplyPairs, ...addLanes, ...set(local.sumY[r]!))
    }
  }
  for (const pointer of [local.x, local.y, ...local.row]) body.push(...advance(pointer, stepsPerRound * bytesPerStep))
  return loopWhileBelow(local.x, local.secondQuery, body)
}

/** For four scores at a time: compares, and writes down where one is above. */
function searchLoop(): number[] {
  return loopWhileBelow(found.scores, found.scoresEnd, [
    ...load(found.scores, 0),
    ...load(found.floors, 0),
    ...isGreater,
    ...anyLane,
    ...[0x04, 0x40], // if
    ...get(found.out),
    ...get(found.scores),
    ...storeNumber,
    ...advance(found.out, 4),
    0x0b,
    ...sum(found.floors, found.floors, found.floorStep),
    ...advance(found.scores, bytesPerStep),
  ])
}

/** Leaves [Σa, Σb, Σc, Σd] of four registers on the stack. */
function laneSums([a, b, c, d]: readonly [number, number, number, number]): number[] {
  const halves = (p: number, q: number): number[] => addShuffled(p, q, [0, 4, 1, 5], [2, 6, 3, 7])
  return [...halves(a, b), ...set(local.u), ...halves(c, d), ...set(local.v), ...addShuffled(local.u, local.v, [0, 1, 4, 5], [2, 3, 6, 7])]
}

/** Adds two choices of four from the eight lanes of two registers. */
function addShuffled(p: number, q: number, first: readonly number[], second: readonly number[]): number[] {
  const both = [...get(p), ...get(q)]
  return [...both, ...pick(...first), ...both, ...pick(...second), ...addLanes]
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')]
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** Signed LEB128 of a small positive number: bit 6 of the last byte is the sign. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]
}
