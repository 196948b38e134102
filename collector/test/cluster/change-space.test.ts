import { describe, expect, it } from 'vitest'
import type { Clusterer } from '../../src/cluster/clusterer.ts'
import { restoreClusterer } from '../../src/cluster/clusterer.ts'
import { createRandom } from '../../src/cluster/random.ts'
import { majorityTopic, makeTexts, randomDirection, smallClusterer, stream, type Texts, toUnit } from './fixtures.ts'

const otherDimensions = 48

/** Another model's vectors of the same texts: other directions, the same groups. */
function otherSpace({ ids, groups }: Texts): Map<bigint, Float32Array> {
  const random = createRandom(99)
  const vectors = groups.map((group) => {
    const jitter = randomDirection(random, otherDimensions)
    return toUnit(randomDirection(createRandom(5000 + group), otherDimensions).map((value, i) => value + 0.7 * jitter[i]!))
  })
  return new Map([...ids].map((id, i) => [id, vectors[i]!]))
}

const topicsOf = (clusterer: Clusterer, texts: Texts): bigint[] => [0, 1, 2, 3].map((group) => majorityTopic(clusterer, texts, group).topic)

describe('a change of the vector space', () => {
  const texts = makeTexts([0, 1, 2, 3], { perGroup: 80 })
  const options = { landmarks: 200, slack: 40, now: () => 0 }

  it('leaves topics their ids, and asks for the vectors of landmarks only', () => {
    const before = smallClusterer(options)
    stream(before, texts)
    before.consolidate()
    const topics = topicsOf(before, texts)
    const vectors = otherSpace(texts)
    const asked = new Set<bigint>()

    const after = before.inSpace(otherDimensions, (id) => {
      asked.add(id)
      return vectors.get(id)
    })!
    after.consolidate()

    expect(after.dimensions).toBe(otherDimensions)
    expect(topicsOf(after, texts)).toEqual(topics)
    expect(asked).toEqual(new Set(before.landmarkIds()))
    expect(asked.size).toBeLessThanOrEqual(240)
  })

  it('says the same of every anchor until the next run', () => {
    const before = smallClusterer(options)
    stream(before, texts)
    const places = [...texts.ids].map((id) => before.assignmentOf(id))
    const vectors = otherSpace(texts)

    const after = before.inSpace(otherDimensions, (id) => vectors.get(id))!

    expect([...texts.ids].map((id) => after.assignmentOf(id))).toEqual(places)
    expect(after.isDue()).toBe(true)
  })

  it('knows the twins of former texts, and new ones by the new vectors', () => {
    const before = smallClusterer(options)
    const anchors = stream(before, texts)
    const vectors = otherSpace(texts)
    const after = before.inSpace(otherDimensions, (id) => vectors.get(id))!
    after.consolidate()
    const twin = { data: vectors.get(texts.ids[0]!)!, rows: 1, cols: otherDimensions }

    const known = after.add(twin, texts.ids.slice(0, 1))
    const fresh = after.add(twin, BigUint64Array.of(123_456_789n))

    expect(known.anchorIds[0]).toBe(anchors[0])
    expect(fresh.topics[0]).toBe(majorityTopic(after, texts, texts.groups[0]!).topic)
  })

  it('lets anchors without a vector go with their former neighbours', () => {
    const before = smallClusterer({ now: () => 0 })
    stream(before, texts)
    before.consolidate()
    const topics = topicsOf(before, texts)
    const vectors = otherSpace(texts)

    const after = before.inSpace(otherDimensions, (id) => (id % 3n === 0n ? undefined : vectors.get(id)))!
    after.consolidate()

    expect(after.landmarkIds().every((id) => id % 3n !== 0n)).toBe(true)
    expect(topicsOf(after, texts)).toEqual(topics)
  })

  it('does not happen when no text has a vector', () => {
    const before = smallClusterer(options)
    stream(before, texts)
    const bytes = before.snapshot()

    expect(before.inSpace(otherDimensions, () => undefined)).toBeUndefined()
    expect(before.inSpace(otherDimensions, () => new Float32Array(otherDimensions))).toBeUndefined()
    expect(smallClusterer().inSpace(otherDimensions, () => undefined)).toBeUndefined()
    expect(before.snapshot()).toEqual(bytes)
  })

  it('outlives a restart', () => {
    const before = smallClusterer(options)
    stream(before, texts)
    const vectors = otherSpace(texts)
    const after = before.inSpace(otherDimensions, (id) => vectors.get(id))!

    const restored = restoreClusterer(after.snapshot(), options)

    expect(restored.consolidate()).toEqual(after.consolidate())
  })
})
