import { describe, expect, it } from 'vitest'
import { differenceTest, falseDiscoveryControl, lift, newcombe, twoSided, wilson } from '../../src/query/statistics.ts'

describe('statistics of shares', () => {
  it('gives the Wilson interval of Newcombe 1998, table I', () => {
    expect(wilson(81, 263)).toEqual({ low: expect.closeTo(0.2553, 4), high: expect.closeTo(0.3662, 4) })
    expect(wilson(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) })
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
  })

  it('gives the interval of a difference of Newcombe 1998, method 10', () => {
    // 56/70 − 48/80: 0.0524 … 0.3339
    expect(newcombe(48, 80, 56, 70)).toEqual({ low: expect.closeTo(0.0524, 4), high: expect.closeTo(0.3339, 4) })
  })

  it('knows the normal distribution', () => {
    expect(twoSided(1.959963984540054)).toBeCloseTo(0.05, 6)
    expect(twoSided(0)).toBeCloseTo(1, 6)
    expect(differenceTest(50, 100, 50, 100)).toBeCloseTo(1, 6)
    expect(differenceTest(0, 0, 5, 10)).toBe(1)
  })

  it('keeps the discoveries that Benjamini and Hochberg keep', () => {
    expect(falseDiscoveryControl([0.01, 0.5, 0.02, 0.04])).toEqual([true, false, true, false])
    expect(falseDiscoveryControl([])).toEqual([])
  })

  it('calls a value that comes up as often as elsewhere a lift of 1', () => {
    const { low, high, ...rest } = lift(10, 100, 100, 1000)

    expect(rest.lift).toBeCloseTo(1)
    expect(low).toBeLessThan(1)
    expect(high).toBeGreaterThan(1)
  })
})
