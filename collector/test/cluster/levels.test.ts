import { describe, expect, it } from 'vitest'
import { nearestRows } from '../../src/cluster/centres.ts'
import { unit } from '../../src/cluster/dot-kernel.ts'
import { createRandom, randomOrder } from '../../src/cluster/random.ts'
import { plateauMean } from '../../src/cluster/resolution.ts'
import { nextRunAt } from '../../src/cluster/schedule.ts'
import { silhouette, type SmoothedVectors } from '../../src/cluster/silhouette.ts'
import { cutTree, wardTree } from '../../src/cluster/ward.ts'

/** Unit vectors in the plane, by their angle in degrees. */
function atAngles(...degrees: number[]): SmoothedVectors {
  const data = new Int16Array(degrees.length * 32)
  degrees.forEach((angle, row) => {
    data[row * 32] = Math.round(Math.cos((angle * Math.PI) / 180) * unit)
    data[row * 32 + 1] = Math.round(Math.sin((angle * Math.PI) / 180) * unit)
  })
  return { count: degrees.length, dimensions: 2, data, stride: 32 }
}

describe('silhouette', () => {
  it('is 1 for two groups of equal vectors, and 0 for a single group', () => {
    const vectors = atAngles(0, 0, 90, 90)

    expect(silhouette(vectors, Int32Array.of(0, 0, 1, 1), 2)).toBeCloseTo(1, 3)
    expect(silhouette(vectors, new Int32Array(4), 1)).toBe(0)
  })

  it('is negative for groups that run across each other', () => {
    expect(silhouette(atAngles(0, 0, 90, 90), Int32Array.of(0, 1, 0, 1), 2)).toBeLessThan(0)
  })

  it('leaves the point itself out of its own centre', () => {
    const value = silhouette(atAngles(0, 60, 180, 180), Int32Array.of(0, 0, 1, 1), 2)

    // Points at 0° and 60°: a = 1 − cos 60° = .5, b = 1 − cos 180° = 2 and 1 − cos 120° = 1.5. The others: a = 0.
    expect(value).toBeCloseTo((1.5 / 2 + 1 / 1.5 + 1 + 1) / 4, 3)
  })

  it('counts a point alone in its group as 0', () => {
    expect(silhouette(atAngles(0, 0, 90), Int32Array.of(0, 0, 1), 2)).toBeCloseTo(2 / 3, 3)
  })
})

describe('plateauMean', () => {
  it('is the best resolution where it stands out, and between two that are equal', () => {
    expect(plateauMean([1, 4, 16], [0.1, 0.6, 0.1], 0.03)).toBeCloseTo(4, 3)
    expect(plateauMean([1, 4, 16], [0.1, 0.6, 0.6], 0.03)).toBeCloseTo(8, 3)
  })

  it('is the coarsest where nothing stands apart', () => {
    expect(plateauMean([1, 4], [0, -0.2], 0.03)).toBe(1)
  })
})

describe('wardTree', () => {
  it('joins the nearest first and counts messages', () => {
    const points = { data: Float32Array.of(0, 1, 10, 12), rows: 4, cols: 1 }

    const merges = wardTree(points, Float64Array.of(1, 1, 1, 1))

    expect(merges.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [2, 3],
      [0, 2],
    ])
    expect(merges.map(({ cost }) => cost)).toEqual([0.5, 2, 110.25]) // 4/4 · (0.5 − 11)²
    expect(wardTree(points, Float64Array.of(9, 9, 1, 1))[0]).toMatchObject({ a: 2, b: 3, cost: 2 })
  })

  it('is cut into as many groups as asked for', () => {
    const points = { data: Float32Array.of(10, 0, 1, 12), rows: 4, cols: 1 }
    const merges = wardTree(points, new Float64Array(4).fill(1))

    expect([4, 3, 2, 1].map((groups) => [...cutTree(merges, 4, groups)])).toEqual([
      [0, 1, 2, 3],
      [0, 1, 1, 2],
      [0, 1, 1, 0],
      [0, 0, 0, 0],
    ])
  })
})

describe('nearestRows', () => {
  it('names the most alike other rows', () => {
    const data = Float32Array.of(1, 0, 0.8, 0.6, 0, 1)

    expect(nearestRows({ data, rows: 3, cols: 2 }, 2)).toEqual([
      [1, 2],
      [0, 2],
      [1, 0],
    ])
  })
})

describe('nextRunAt', () => {
  it('grows by 60, then by 30 %, then by 2000, at last by half a per cent', () => {
    const options = { firstRun: 60, runInterval: 2000 }

    expect([60, 150, 1000, 6666, 6667, 50_000].map((seen) => nextRunAt(seen, options))).toEqual([120, 210, 1300, 8665, 8667, 52_500])
    expect([40_000, 100_000, 1_000_000, 2_000_000].map((seen) => nextRunAt(seen, options))).toEqual([42_000, 105_000, 1_005_000, 2_010_000])
  })
})

describe('createRandom', () => {
  it('depends on nothing but its seeds', () => {
    const draw = (...seeds: number[]): number[] => {
      const random = createRandom(...seeds)
      return [random.next(), random.next(), random.next()]
    }

    expect(draw(1, 2)).toEqual(draw(1, 2))
    expect(draw(1, 2)).not.toEqual(draw(2, 1))
    expect(Math.min(...draw(7))).toBeGreaterThanOrEqual(0)
    expect(Math.max(...draw(7))).toBeLessThan(1)
  })

  it('is spread evenly', () => {
    const random = createRandom(3)
    const counts = new Int32Array(10)
    for (let i = 0; i < 10_000; i += 1) counts[Math.floor(random.next() * 10)]! += 1

    expect(Math.min(...counts)).toBeGreaterThan(900)
    expect(Math.max(...counts)).toBeLessThan(1100)
  })

  it('orders all numbers', () => {
    expect([...randomOrder(50, createRandom(1))].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })
})
