import { describe, expect, it } from 'vitest'
import { decideKind, type FieldEvidence } from '../../src/query/fields.ts'

/** Evidence of 1000 events with short words that repeat, changed where the test says so. */
function evidence(changed: Partial<FieldEvidence>): FieldEvidence {
  const plain = {
    Events: 1000,
    DistinctValues: 4,
    NumberShare: 0,
    IntegerShare: 0,
    IdShare: 0,
    MeanLength: 6,
    MeanWords: 1,
    LineBreakShare: 0,
    EntropyBits: 2,
  }
  return { Field: 'field', ...plain, ...changed }
}

describe('the kind of a field', () => {
  it.each([
    ['enum', 'a plan', {}],
    ['enum', 'a flag of 0 and 1', { DistinctValues: 2, NumberShare: 1, IntegerShare: 1, MeanLength: 1 }],
    ['number', 'a rating of 1 to 5', { DistinctValues: 5, NumberShare: 1, IntegerShare: 1, MeanLength: 1 }],
    ['number', 'a price', { DistinctValues: 900, NumberShare: 0.99, MeanLength: 5 }],
    ['text', 'a numeric id', { DistinctValues: 990, NumberShare: 1, IntegerShare: 1, MeanLength: 8 }],
    ['text', 'a UUID', { DistinctValues: 1000, IdShare: 1, MeanLength: 36 }],
    ['text', 'a UUID of few sessions', { DistinctValues: 10, IdShare: 1, MeanLength: 36 }],
    ['text', 'a question', { DistinctValues: 300, MeanWords: 8, MeanLength: 45 }],
    ['text', 'a city, of very many', { DistinctValues: 101 }],
    ['text', 'values of even frequency', { DistinctValues: 90, EntropyBits: 6.4 }],
    ['text', 'values that hardly repeat', { Events: 100, DistinctValues: 50, EntropyBits: 5.5 }],
    ['enum', 'a plan after a few events', { Events: 10, DistinctValues: 3 }],
    ['text', 'different values after a few events', { Events: 10, DistinctValues: 9 }],
  ] as const)('is %s for %s', (kind, _name, changed) => {
    expect(decideKind(evidence(changed)).kind).toBe(kind)
  })
})
