import { describe, expect, it } from 'vitest'
import { readCrowd, readQuota } from '../../src/pages/keys/read-numbers.ts'

describe('the numbers of the key form', () => {
  it('reads an empty field as no limit, and a whole number as it stands', () => {
    expect(['', ' ', '0', ' 5000 '].map(readQuota)).toEqual([0, 0, 0, 5000])
    expect(['', '2', '100'].map(readCrowd)).toEqual([0, 2, 100])
  })

  it('takes nothing that the collector refuses, and never reads a slip as “off”', () => {
    expect(['-1', '1.5', '1e3', 'many', '9'.repeat(30)].map(readQuota)).toEqual(Array(5).fill(undefined))
    expect(['0', '1', '101', '5.5', 'five', '5 users'].map(readCrowd)).toEqual(Array(6).fill(undefined))
  })
})
