import { describe, expect, it } from 'vitest'
import { MonthlyBudget, estimateTokens } from '../../src/label/budget.ts'

const pricing = { inputUsdPerMillion: 2, outputUsdPerMillion: 10 }
const million = { input: 1_000_000, output: 0 }

describe('MonthlyBudget', () => {
  it('allows calls up to the limit and no further', async () => {
    const budget = new MonthlyBudget({ limitUsd: 4, pricing, now: () => new Date('2026-03-05') })

    await budget.book(million)

    expect(budget.allows(million)).toBe(true)
    expect(budget.allows({ input: 1_000_000, output: 1 })).toBe(false)
    expect(budget.spending).toEqual({ month: '2026-03', usd: 2, calls: 1 })
  })

  it('begins anew with the month, in UTC', async () => {
    let now = new Date('2026-03-31T23:59:59Z')
    const budget = new MonthlyBudget({ limitUsd: 2, pricing, now: () => now })
    await budget.book(million)

    now = new Date('2026-04-01T00:00:00Z')

    expect(budget.spending).toEqual({ month: '2026-04', usd: 0, calls: 0 })
    expect(budget.allows(million)).toBe(true)
  })

  it('goes on from what the ledger says was spent', async () => {
    const now = (): Date => new Date('2026-03-05')
    const written = new Map([['2026-03', { usd: 1.5, calls: 7 }]])
    const ledger = { spentIn: async (month: string) => written.get(month) ?? { usd: 0, calls: 0 }, write: async () => undefined }
    const budget = new MonthlyBudget({ limitUsd: 2, pricing, now, ledger })

    await budget.refresh()

    expect(budget.spending).toEqual({ month: '2026-03', usd: 1.5, calls: 7 })
    expect(budget.allows(million)).toBe(false)
  })

  it('counts what could not be written down', async () => {
    const ledger = { spentIn: async () => ({ usd: 0.5, calls: 1 }), write: () => Promise.reject(new Error('away')) }
    const budget = new MonthlyBudget({ limitUsd: 2, pricing, now: () => new Date('2026-03-05'), ledger })

    await expect(budget.book(million)).rejects.toThrow('away')
    await budget.refresh()

    expect(budget.spending).toEqual({ month: '2026-03', usd: 2, calls: 1 })
  })
})

describe('estimateTokens', () => {
  it('rather counts too many than too few', () => {
    expect(estimateTokens('four words of English')).toBeGreaterThan(5)
    expect(estimateTokens('')).toBe(0)
  })
})
