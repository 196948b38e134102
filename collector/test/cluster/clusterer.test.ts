import { describe, expect, it } from 'vitest'
import { createClusterer } from '../../src/cluster/clusterer.ts'
import { createMatrix } from '../../src/cluster/matrix.ts'
import { createRandom } from '../../src/cluster/random.ts'
import { dimensions, majorityTopic, makeTexts, randomDirection, repeat, rowOf, smallClusterer, stream, toUnit } from './fixtures.ts'

const direction = randomDirection(createRandom(99))

describe('add', () => {
  it('makes an anchor of a new text and joins equal texts to it', () => {
    const clusterer = smallClusterer()

    const assigned = clusterer.add(repeat(direction, 3), BigUint64Array.of(7n, 7n, 7n))

    expect([...assigned.anchorIds]).toEqual([7n, 7n, 7n])
    expect([...assigned.isNew]).toEqual([1, 0, 0])
    expect(assigned.similarities[0]).toBe(0)
    expect(assigned.similarities[1]).toBeCloseTo(1, 3)
  })

  it('joins a near-duplicate to the anchor it resembles, for ever', () => {
    const clusterer = smallClusterer()
    const texts = makeTexts([0, 1, 2, 3], { perGroup: 20 })
    stream(clusterer, texts)
    const near = toUnit(rowOf(texts.vectors, 5).map((value, i) => value + 0.02 * direction[i]!))

    const assigned = clusterer.add(repeat(near, 1), BigUint64Array.of(424_242n))

    expect(assigned.isNew[0]).toBe(0)
    expect(assigned.anchorIds[0]).toBe(clusterer.add(repeat(rowOf(texts.vectors, 5), 1), texts.ids.slice(5, 6)).anchorIds[0])
    expect(clusterer.assignmentOf(424_242n)).toEqual(clusterer.assignmentOf(assigned.anchorIds[0]!))
  })

  it('gives a row without a vector nothing and does not count it', () => {
    const clusterer = smallClusterer()

    const assigned = clusterer.add(createMatrix(2, dimensions), BigUint64Array.of(1n, 2n))

    expect([...assigned.anchorIds]).toEqual([0n, 0n])
    expect([...assigned.topics]).toEqual([0n, 0n])
    expect(clusterer.progress()).toEqual({ seen: 0, until: 60 })
  })

  it('shows a topic at once, the second choice and how sure it is', () => {
    const clusterer = smallClusterer()
    const texts = makeTexts([0, 1, 2, 3], { perGroup: 30 })
    stream(clusterer, texts)
    clusterer.consolidate()
    const more = makeTexts([0, 1, 2, 3], { perGroup: 10, seed: 2 })

    const assigned = clusterer.add(more.vectors, more.ids)

    const right = more.groups.filter((group, i) => assigned.topics[i] === majorityTopic(clusterer, texts, group).topic)
    expect(right.length).toBeGreaterThanOrEqual(38)
    expect(Math.min(...assigned.voteShares)).toBeGreaterThan(0.3)
    expect([...assigned.secondTopics].every((second, i) => second !== assigned.topics[i])).toBe(true)
  })

  it('scores a text as an outlier when it is far from all others', () => {
    const clusterer = smallClusterer()
    stream(clusterer, makeTexts([0, 1, 2, 3], { perGroup: 40 }))
    const usual = makeTexts([0, 1, 2, 3], { perGroup: 10, seed: 3 })

    const usualScores = [...clusterer.add(usual.vectors, usual.ids).outlierScores].sort((a, b) => a - b)
    const [far] = clusterer.add(repeat(randomDirection(createRandom(5)), 1), BigUint64Array.of(5n)).outlierScores

    expect(usualScores[20]).toBeLessThan(1.5)
    expect(far).toBeGreaterThan(2)
  })

  it('refuses to count a text that it does not know', () => {
    expect(() => createClusterer({ dimensions: 4 }).addAgain(7n)).toThrow('id: expected one that was added before, got 7')
  })

  it('says what is wrong with shapes that do not fit', () => {
    const clusterer = smallClusterer()

    expect(() => clusterer.add(createMatrix(2, 8), BigUint64Array.of(1n, 2n))).toThrow(
      'vectors: expected shape (2, 32) for 2 ids, got (2, 8)',
    )
    expect(() => clusterer.add(createMatrix(2, dimensions), BigUint64Array.of(1n))).toThrow(RangeError)
    expect(() => clusterer.explain(new Float32Array(3))).toThrow('vector: expected length 32, got 3')
  })
})

describe('consolidate', () => {
  it('is due after 60 messages, then after 60 or 30 % more', () => {
    const clusterer = smallClusterer()
    const texts = makeTexts([0, 1], { perGroup: 100 })

    expect(clusterer.progress()).toEqual({ seen: 0, until: 60 })
    clusterer.add({ data: texts.vectors.data.subarray(0, 59 * dimensions), rows: 59, cols: dimensions }, texts.ids.slice(0, 59))
    expect(clusterer.isDue()).toBe(false)
    clusterer.add({ data: texts.vectors.data.subarray(59 * dimensions), rows: 141, cols: dimensions }, texts.ids.slice(59))
    expect(clusterer.isDue()).toBe(true)
    clusterer.consolidate()
    expect(clusterer.dueAt).toBe(260)
  })

  it('finds the groups the texts were made from', () => {
    const clusterer = smallClusterer()
    const groups = [0, 1, 2, 3, 4, 5]
    const texts = makeTexts(groups, { perGroup: 50 })

    stream(clusterer, texts)
    const run = clusterer.consolidate()

    const majorities = groups.map((group) => majorityTopic(clusterer, texts, group))
    expect(new Set(majorities.map(({ topic }) => topic)).size).toBe(6)
    expect(Math.min(...majorities.map(({ share }) => share))).toBeGreaterThan(0.95)
    expect(run.topics.filter(({ level }) => level === 'topic').reduce((sum, { mass }) => sum + mass, 0)).toBe(300)
  })

  it('reports every level with parents, central texts and a centroid of length 1', () => {
    const clusterer = smallClusterer()
    stream(clusterer, makeTexts([0, 1, 2, 3, 4, 5, 6, 7], { perGroup: 40 }))

    const { topics } = clusterer.consolidate()

    const ids = (level: string): Set<bigint> => new Set(topics.filter((topic) => topic.level === level).map(({ id }) => id))
    for (const topic of topics) {
      const parents = topic.level === 'subtopic' ? ids('topic') : topic.level === 'topic' ? ids('theme') : new Set([0n])
      expect(parents).toContain(topic.parentId)
      expect(Math.hypot(...topic.centroid)).toBeCloseTo(1, 5)
      expect(topic.centralAnchorIds.length).toBeGreaterThan(0)
      expect(topic.nearestIds).not.toContain(topic.id)
    }
    expect(ids('theme').size).toBeGreaterThanOrEqual(5)
  })

  it('lists exactly the anchors that belong elsewhere than before', () => {
    const clusterer = smallClusterer()
    const texts = makeTexts([0, 1, 2], { perGroup: 40 })
    clusterer.add(texts.vectors, texts.ids)

    const first = clusterer.consolidate()
    const second = clusterer.consolidate()

    expect(new Set(first.changedAnchors.anchorIds).size).toBe(first.changedAnchors.anchorIds.length)
    first.changedAnchors.anchorIds.forEach((id, i) => {
      const { subtopicIds, topicIds, themeIds } = first.changedAnchors
      const changedLater = [...second.changedAnchors.anchorIds].includes(id)
      if (!changedLater) {
        expect(clusterer.assignmentOf(id)).toEqual({ subtopic: subtopicIds[i], topic: topicIds[i], theme: themeIds[i] })
      }
    })
    expect(second.changedAnchors.anchorIds.length).toBeLessThan(first.changedAnchors.anchorIds.length / 4)
  })

  it("keeps a topic's id when new messages move its centre", () => {
    const clusterer = smallClusterer()
    const texts = makeTexts([0, 1, 2, 3], { perGroup: 40 })
    stream(clusterer, texts)
    clusterer.consolidate()
    const before = [0, 1, 2, 3].map((group) => majorityTopic(clusterer, texts, group).topic)

    stream(clusterer, makeTexts([0, 1, 2, 3, 4], { perGroup: 60, seed: 4 }))
    clusterer.consolidate()

    expect([0, 1, 2, 3].map((group) => majorityTopic(clusterer, texts, group).topic)).toEqual(before)
  })

  it('gives birth to a topic when a new group of messages appears', () => {
    const clusterer = smallClusterer()
    stream(clusterer, makeTexts([0, 1, 2, 3], { perGroup: 60 }))
    clusterer.consolidate()
    const texts = makeTexts([9], { perGroup: 40, seed: 5 })
    clusterer.add(texts.vectors, texts.ids)

    const { lineage } = clusterer.consolidate()

    const { topic, share } = majorityTopic(clusterer, texts, 9)
    expect(share).toBe(1)
    expect(lineage).toContainEqual(expect.objectContaining({ level: 'topic', kind: expect.stringMatching(/born|split/), toId: topic }))
  })

  it('leaves groups below five messages without a topic', () => {
    const clusterer = smallClusterer()
    const texts = makeTexts([0], { perGroup: 3 })
    clusterer.add(texts.vectors, texts.ids)

    const run = clusterer.consolidate()

    expect(run.topics).toEqual([])
    expect(clusterer.assignmentOf(texts.ids[0]!)).toEqual({ subtopic: 0n, topic: 0n, theme: 0n })
  })

  it('makes one topic of ten thousand copies of one text', () => {
    const clusterer = smallClusterer()
    const vectors = repeat(direction, 10_000)
    clusterer.add(vectors, new BigUint64Array(10_000).fill(3n))

    const run = clusterer.consolidate()
    const again = clusterer.add(repeat(direction, 1), BigUint64Array.of(3n))

    expect(run.topics.filter(({ level }) => level === 'topic')).toMatchObject([{ mass: 10_000 }])
    expect(again.topics[0]).toBe(run.topics.find(({ level }) => level === 'topic')!.id)
  })

  it('gives each of a handful of unrelated texts that come again and again a topic of its own', () => {
    const clusterer = smallClusterer()
    const texts = Array.from({ length: 4 }, (_, i) => Float32Array.from({ length: dimensions }, (_, at) => (at === i ? 1 : 0)))

    for (let round = 0; round < 20; round += 1) texts.forEach((text, i) => clusterer.add(repeat(text, 1), BigUint64Array.of(BigInt(i + 1))))
    const run = clusterer.consolidate()

    expect(run.topics.filter(({ level }) => level === 'topic').map(({ mass }) => mass)).toEqual([20, 20, 20, 20])
  })

  it('makes one anchor of equal vectors with different ids', () => {
    const clusterer = smallClusterer()

    clusterer.add(
      repeat(direction, 200),
      BigUint64Array.from({ length: 200 }, (_, i) => BigInt(i + 1)),
    )
    clusterer.consolidate()
    const later = clusterer.add(repeat(direction, 1), BigUint64Array.of(999n))

    expect(later.anchorIds[0]).toBe(1n)
  })

  it('works with a single dimension', () => {
    const clusterer = createClusterer({ dimensions: 1 })
    const data = Float32Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? 1 : -1))

    clusterer.add(
      { data, rows: 80, cols: 1 },
      BigUint64Array.from({ length: 80 }, (_, i) => BigInt(i + 1)),
    )
    const run = clusterer.consolidate()

    expect(run.topics.filter(({ level }) => level === 'topic').map(({ mass }) => mass)).toEqual([40, 40])
  })

  it('runs on nothing', () => {
    expect(smallClusterer().consolidate()).toMatchObject({ topics: [], messages: 0, churn: 0 })
  })

  it('keeps equal texts in one anchor and one topic across evictions', () => {
    const clusterer = smallClusterer({ landmarks: 80, slack: 20 })
    const groups = [0, 1, 2, 3]
    const texts = makeTexts(groups, { perGroup: 100 })
    const first = stream(clusterer, texts)

    const again = stream(clusterer, texts)
    clusterer.consolidate()

    expect(again).toEqual(first)
    for (const group of groups) expect(majorityTopic(clusterer, texts, group).share).toBeGreaterThan(0.9)
  })

  it('finds the same groups whatever the order of arrival', () => {
    const groups = [0, 1, 2, 3]
    const texts = makeTexts(groups, { perGroup: 40 })
    const reversed = { data: texts.vectors.data.slice(), rows: 160, cols: dimensions }
    for (let row = 0; row < 160; row += 1) reversed.data.set(rowOf(texts.vectors, 159 - row), row * dimensions)
    const [a, b] = [smallClusterer(), smallClusterer()]
    a.add(texts.vectors, texts.ids)
    b.add(reversed, texts.ids.slice().reverse())

    a.consolidate()
    b.consolidate()

    const pairs = new Set([...texts.ids].map((id) => `${a.assignmentOf(id)!.topic} ${b.assignmentOf(id)!.topic}`))
    expect(pairs.size).toBe(4)
  })

  it('finds groups that arrive one after the other', () => {
    const clusterer = smallClusterer({ landmarks: 200, slack: 40 })
    const groups = [0, 1, 2, 3, 4]
    const blocks = groups.map((group) => makeTexts([group], { perGroup: 120, seed: 20 + group }))

    for (const block of blocks) stream(clusterer, block)
    clusterer.consolidate()

    const majorities = blocks.map((block, i) => majorityTopic(clusterer, block, groups[i]!))
    expect(new Set(majorities.map(({ topic }) => topic)).size).toBe(5)
    expect(Math.min(...majorities.map(({ share }) => share))).toBeGreaterThan(0.9)
  })

  it('gives the same bytes for the same calls', () => {
    const texts = makeTexts([0, 1, 2, 3], { perGroup: 100 })
    const [a, b] = [smallClusterer({ landmarks: 150, slack: 30 }), smallClusterer({ landmarks: 150, slack: 30 })]

    stream(a, texts)
    stream(b, texts)

    expect(Buffer.compare(a.snapshot(), b.snapshot())).toBe(0)
    expect(a.consolidate()).toEqual(b.consolidate())
  })
})
