/** What every embedding provider promises; each provider's test runs this suite. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Matrix } from '../../src/cluster/matrix.ts'
import type { Embedder } from '../../src/embed/embedder.ts'

/** Sentences in two themes of four, the themes one after the other. */
export const themedTexts = [
  'please refund my last payment',
  'i want my payment refund back',
  'when will my refund payment arrive',
  'refund the payment to my card',
  'translate this letter into french',
  'can you translate a french letter',
  'the french translation of this letter',
  'translate my letter to french please',
] as const

const oddTexts = [
  '',
  '   \n\t',
  '🙂',
  '?!',
  '\ud800 lone',
  'nul\0nul',
  'ａｂｃ',
  'zażółć gęślą jaźń',
  '日本語のテキスト',
  'x'.repeat(5000),
  'word '.repeat(5000),
]

/**
 * Registers the suite.
 * @param options.leastSelfSimilarity cosine between two vectors of one text in different batches: 1 for exact providers
 */
export function describeEmbedder(name: string, create: () => Promise<Embedder>, options: { leastSelfSimilarity: number }): void {
  describe(`${name} keeps the contract of an embedder`, () => {
    let embedder: Embedder

    beforeAll(async () => {
      embedder = await create()
    })
    afterAll(() => embedder.close())

    it('names its vector space and its width', () => {
      expect(embedder.id).toMatch(/^(builtin|onnx|openai):\S+$/)
      expect(embedder.dimensions).toBeGreaterThan(0)
    })

    it('gives an empty matrix for no texts', async () => {
      const vectors = await embedder.embed([])

      expect(vectors).toMatchObject({ rows: 0, cols: embedder.dimensions })
      expect(vectors.data).toHaveLength(0)
    })

    it('gives unit vectors, or zero, for any strings', async () => {
      const vectors = await embedder.embed(oddTexts)

      expect(vectors).toMatchObject({ rows: oddTexts.length, cols: embedder.dimensions })
      for (const row of oddTexts.keys()) expect([0, 1]).toContain(Number(Math.sqrt(similarity(vectors, row, row)).toFixed(4)))
    })

    it('gives the zero vector for a blank text', async () => {
      const vectors = await embedder.embed(['', ' \n\t '])

      expect(vectors.data.every((value) => value === 0)).toBe(true)
    })

    it('gives row i to text i, whatever the order and the company', async () => {
      const together = await embedder.embed(themedTexts)
      const reversed = await embedder.embed(themedTexts.toReversed())

      for (const row of themedTexts.keys()) {
        const twin = themedTexts.length - 1 - row
        const cosine = dot(rowOf(together, row), rowOf(reversed, twin))
        expect(cosine).toBeGreaterThanOrEqual(options.leastSelfSimilarity - 1e-5)
      }
    })

    it('puts texts of one theme nearer than texts of two', async () => {
      const vectors = await embedder.embed(themedTexts)

      const within = [similarity(vectors, 0, 1), similarity(vectors, 2, 3), similarity(vectors, 4, 5), similarity(vectors, 6, 7)]
      const between = [similarity(vectors, 0, 4), similarity(vectors, 1, 5), similarity(vectors, 2, 6), similarity(vectors, 3, 7)]
      expect(Math.min(...within)).toBeGreaterThan(Math.max(...between))
    })

    it('stops when the signal has aborted', async () => {
      const reason = new Error('enough')

      await expect(embedder.embed(themedTexts, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    })

    it('can be closed twice', async () => {
      const another = await create()

      await another.close()

      await expect(another.close()).resolves.toBeUndefined()
    })
  })
}

/** Dot product of two rows. */
export function similarity(vectors: Matrix, a: number, b: number): number {
  return dot(rowOf(vectors, a), rowOf(vectors, b))
}

/** A row's numbers, without a copy. */
export function rowOf({ data, cols }: Matrix, row: number): Float32Array {
  return data.subarray(row * cols, (row + 1) * cols)
}

/** Dot product of two vectors. */
export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0)
}
