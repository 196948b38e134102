import { describe, expect, it } from 'vitest'
import { MonthlyBudget, estimateTokens } from '../../src/label/budget.ts'

const pricing = { inputUsdPerMillion: 2, outputUsdPerMillion: 10 }
const million = { input: 1_000_000, output: 0 }

describe('MonthlyBudget', () => {
  it('allows calls up to the limit and no further', () => {
    const budget = new MonthlyBudget({ limitUsd: 4, pricing, now: () => new Date('2026-03-05') })

    budget.book(million)

    expect(budget.allows(million)).toBe(true)
    expect(budget.allows({ input: 1_000_000, output: 1 })).toBe(false)
    expect(budget.spending).toEqual({ month: '2026-03', usd: 2, calls: 1 })
  })

  it('begins anew with the month, in UTC', () => {
    let now = new Date('2026-03-31T23:59:59Z')
    const budget = new MonthlyBudget({ limitUsd: 2, pricing, now: () => now })
    budget.book(million)

    now = new Date('2026-04-01T00:00:00Z')

    expect(budget.spending).toEqual({ month: '2026-04', usd: 0, calls: 0 })
    expect(budget.allows(million)).toBe(true)
  })

  it('goes on from what was spent before, and forgets another month', () => {
    const now = (): Date => new Date('2026-03-05')

    const same = new MonthlyBudget({ limitUsd: 2, pricing, now, before: { month: '2026-03', usd: 1.5, calls: 7 } })
    const other = new MonthlyBudget({ limitUsd: 2, pricing, now, before: { month: '2026-02', usd: 1.5, calls: 7 } })

    expect(same.allows(million)).toBe(false)
    expect(other.allows(million)).toBe(true)
  })
})

describe('estimateTokens', () => {
  it('rather counts too many than too few', () => {
    expect(estimateTokens('four words of English')).toBeGreaterThan(5)
    expect(estimateTokens('')).toBe(0)
  })
})
