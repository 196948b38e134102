import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/cluster/random.ts'
import { dimensions, makeTexts, randomDirection, rowOf, smallClusterer, stream } from './fixtures.ts'

describe('explain', () => {
  it('names the nearest landmarks and the votes', () => {
    const clusterer = smallClusterer()
    const texts = makeTexts([0, 1, 2], { perGroup: 40 })
    stream(clusterer, texts)
    clusterer.consolidate()

    const { nearest, votes } = clusterer.explain(rowOf(texts.vectors, 0))

    expect(nearest).toHaveLength(10)
    expect(nearest[0]).toMatchObject({ topic: clusterer.assignmentOf(texts.ids[0]!)!.topic })
    expect(nearest[0]!.similarity).toBeGreaterThan(0.9)
    expect(votes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  })

  it('says nothing about a text without a vector or before there are any', () => {
    const clusterer = smallClusterer()

    expect(clusterer.explain(new Float32Array(dimensions))).toEqual({ nearest: [], votes: [] })
    expect(clusterer.explain(randomDirection(createRandom(99)))).toEqual({ nearest: [], votes: [] })
  })
})
