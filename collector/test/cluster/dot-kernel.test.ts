import { describe, expect, it } from 'vitest'
import { cosinePerDot, createDotKernel, type DotKernel, unit } from '../../src/cluster/dot-kernel.ts'
import { dotModule } from '../../src/cluster/dot-module.ts'
import { unitRow } from '../../src/cluster/quantize.ts'
import { createRandom } from '../../src/cluster/random.ts'

function fill(kernel: DotKernel, dimensions: number, queries: number, rows: number): void {
  const random = createRandom(dimensions, queries, rows)
  const vector = (): Float64Array => Float64Array.from({ length: dimensions }, () => random.next() - 0.5)
  for (let q = 0; q < queries; q += 1) unitRow(vector(), 0, dimensions, kernel.queries, q * kernel.stride)
  for (let r = 0; r < rows; r += 1) unitRow(vector(), 0, dimensions, kernel.rows, r * kernel.stride)
}

describe('createDotKernel', () => {
  it('is a valid WebAssembly module', () => {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } }

    expect(WebAssembly.validate(dotModule())).toBe(true)
  })

  it.each([
    [1, 1, 1],
    [31, 3, 5],
    [256, 64, 70],
    [384, 63, 101],
  ])('gives the same products in WebAssembly and in JavaScript (%i dimensions, %i queries, %i rows)', (dimensions, queries, rows) => {
    const fast = createDotKernel({ dimensions, rows })
    const plain = createDotKernel({ dimensions, rows, plain: true })
    fill(fast, dimensions, queries, rows)
    fill(plain, dimensions, queries, rows)

    const stride = fast.dots(queries, 0, rows)
    plain.dots(queries, 0, rows)

    expect(fast.scores).toEqual(plain.scores)
    expect(fast.scores.subarray(0, rows).some((score) => score !== 0)).toBe(true)
    expect(stride).toBe(fast.capacity)
  })

  it.each([false, true])('finds the rows above their floor, and above one floor (plain: %s)', (plain) => {
    const [queries, rows] = [3, 101]
    const kernel = createDotKernel({ dimensions: 40, rows, plain })
    fill(kernel, 40, queries, rows)
    kernel.dots(queries, 0, rows)
    const random = createRandom(1)
    for (let row = 0; row < rows; row += 1) kernel.floors[row] = kernel.scores[kernel.capacity + row]! + (random.next() < 0.9 ? 0 : -1)
    const groupsWhere = (from: number, to: number, isAbove: (row: number) => boolean): number[] => {
      const groups = Array.from({ length: Math.ceil((to - from) / 4) }, (_, i) => from + i * 4)
      return groups.filter((group) => [0, 1, 2, 3].some((lane) => isAbove(group + lane)))
    }
    const found = (count: number): number[] => [...kernel.hits.subarray(0, count)]

    const above = found(kernel.findAbove(1, 8, 96))
    const aboveOne = found(kernel.findAbove(2, 0, rows, 1000))

    expect(above).toEqual(groupsWhere(8, 96, (row) => kernel.scores[kernel.capacity + row]! > kernel.floors[row]!))
    expect(above.length).toBeGreaterThan(2)
    expect(aboveOne).toEqual(groupsWhere(0, rows, (row) => kernel.scores[2 * kernel.capacity + row]! > 1000))
    expect(kernel.findAbove(0, 4, 4)).toBe(0)
  })

  it('multiplies only the rows asked for', () => {
    const kernel = createDotKernel({ dimensions: 32, rows: 16 })
    fill(kernel, 32, 2, 16)

    kernel.dots(2, 8, 12)

    expect([...kernel.scores.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    expect([...kernel.scores.subarray(12, 16)]).toEqual([0, 0, 0, 0])
    expect(kernel.scores[9]).not.toBe(0)
  })

  it('does not overflow where two vectors are one axis', () => {
    const kernel = createDotKernel({ dimensions: 64, rows: 1 })
    kernel.queries[0] = unit
    kernel.rows[0] = unit

    kernel.dots(1, 0, 1)

    expect(kernel.scores[0]! * cosinePerDot).toBe(1)
  })

  it('keeps the cosine of float vectors to 1e-4', () => {
    const random = createRandom(7)
    const [a, b] = [0, 1].map(() => Float64Array.from({ length: 384 }, () => random.next() - 0.5)) as [Float64Array, Float64Array]
    const kernel = createDotKernel({ dimensions: 384, rows: 1 })
    unitRow(a, 0, 384, kernel.queries, 0)
    unitRow(b, 0, 384, kernel.rows, 0)
    const cosine = a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b))

    kernel.dots(1, 0, 1)

    expect(kernel.scores[0]! * cosinePerDot).toBeCloseTo(cosine, 4)
  })
})
