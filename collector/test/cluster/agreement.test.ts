import { describe, expect, it } from 'vitest'
import { adjustedRandIndex, areaUnderCurve, assignmentCost, matchedAccuracy } from '../../bench/topics/agreement.ts'
import { mutualInformation } from '../../bench/quality/scores.ts'

const rows = (...values: number[]): Int32Array => Int32Array.from(values)

describe('agreement of groupings', () => {
  it('is whole when only the names differ', () => {
    const truth = rows(0, 0, 1, 1, 2)
    const found = rows(2, 2, 0, 0, 1)

    expect([mutualInformation(truth, found), adjustedRandIndex(truth, found), matchedAccuracy(truth, found)]).toEqual([1, 1, 1])
  })

  it('has the values known from scikit-learn', () => {
    expect(adjustedRandIndex(rows(0, 0, 1, 1), rows(0, 0, 1, 2))).toBeCloseTo(0.5714286, 6)
    expect(adjustedRandIndex(rows(0, 0, 0, 0), rows(0, 1, 2, 3))).toBe(0)
    expect(mutualInformation(rows(0, 0, 1, 1), rows(0, 0, 1, 2))).toBeCloseTo(0.8, 6)
  })

  it('counts a class that was cut in two only once', () => {
    expect(matchedAccuracy(rows(0, 0, 0, 1, 1), rows(0, 0, 1, 2, 2))).toBeCloseTo(0.8, 12)
    expect(matchedAccuracy(rows(0, 0, 1, 1, 1), rows(0, 0, 0, 0, 0))).toBeCloseTo(0.6, 12)
  })
})

describe('assignmentCost', () => {
  it('finds the cheapest assignment, not the greedy one', () => {
    expect(assignmentCost(Float64Array.of(4, 1, 3, 2, 0, 5, 3, 2, 2), 3)).toBe(5)
  })
})

describe('areaUnderCurve', () => {
  it('is the share of pairs in the right order, ties half', () => {
    expect(areaUnderCurve([0.9, 0.8], [0.1, 0.2])).toBe(1)
    expect(areaUnderCurve([0.5], [0.5])).toBe(0.5)
    expect(areaUnderCurve([3, 1], [2])).toBe(0.5)
  })
})
