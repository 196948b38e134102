import { describe, expect, it } from 'vitest'
import { readLabelledTexts } from '../../bench/quality/labelled-texts.ts'
import { kMeans, mutualInformation, neighborPurity } from '../../bench/quality/scores.ts'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'

const data = readLabelledTexts('banking77-test')
if (data === undefined)
  process.stderr.write('SKIPPED: the quality of the builtin table, which needs banking77-test.jsonl.gz in ../shared/datasets\n')

describe.skipIf(data === undefined)('the shipped table', () => {
  it('puts texts of one intent next to each other as well as its model card says', async () => {
    const { texts, labels } = data ?? { texts: [], labels: new Int32Array() }

    const vectors = await createBuiltinEmbedder().embed(texts)

    expect(neighborPurity(vectors, labels)).toBeGreaterThan(0.68)
  })
})

describe('the scores', () => {
  // Two groups of eleven around two axes.
  const labels = Int32Array.from({ length: 22 }, (_, row) => row % 2)
  const angles = [...labels].map((label, row) => label * (Math.PI / 2) + row / 100)
  const vectors = { data: Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])), rows: 22, cols: 2 }

  it('are one for groups that are found whole', () => {
    expect(mutualInformation(kMeans(vectors, 2, 0), labels)).toBeCloseTo(1, 9)
    expect(neighborPurity(vectors, labels)).toBe(1)
  })

  it('are zero for groups that say nothing of each other', () => {
    expect(mutualInformation(Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 1, 0, 1))).toBeCloseTo(0, 9)
  })

  it('give the value worked out by hand in between', () => {
    // H = ln 2 and 1.5 ln 2, joint 1.5 ln 2: 2 · ln 2 / (2.5 ln 2)
    expect(mutualInformation(Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 0, 1, 2))).toBeCloseTo(0.8, 9)
  })
})
