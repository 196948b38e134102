import { beforeEach, describe, expect, it } from 'vitest'
import { type Clusterer, createClusterer } from '../../src/cluster/clusterer.ts'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import type { Embedder } from '../../src/embed/embedder.ts'
import type { ArrivedMessage, AssignedMessages } from '../../src/topics/protocol.ts'
import { TakeIn } from '../../src/topics/take-in.ts'

const texts = ['where is my parcel', 'cancel my plan please', 'the app crashes at start']

describe('TakeIn', () => {
  let embedded: string[]
  let clusterer: Clusterer
  let takeIn: TakeIn

  beforeEach(() => {
    const builtin = createBuiltinEmbedder()
    embedded = []
    const embedder: Embedder = {
      ...builtin,
      embed: (some, options) => {
        embedded.push(...some)
        return builtin.embed(some, options)
      },
    }
    clusterer = createClusterer({ dimensions: builtin.dimensions })
    takeIn = new TakeIn({ project: 'default', embedder, onNoVector: () => undefined, signal: new AbortController().signal })
  })

  const add = (...some: string[]): Promise<AssignedMessages> => takeIn.add(clusterer, some.map(toMessage))

  it('looks at a text twice, and no more when it comes again', async () => {
    const [first, second] = [await add(...texts), await add(...texts)]
    embedded = []

    const third = await add(...texts)

    expect(embedded).toEqual([])
    expect(third).toEqual(second)
    expect(third.anchorIds).toEqual(first.anchorIds)
    expect(clusterer.progress().seen).toBe(3 * texts.length)
  })

  it('keeps known and new texts in their order', async () => {
    await add(...texts)
    await add(...texts)
    embedded = []

    const mixed = await add('how do I pay', texts[2]!, 'how do I pay', texts[0]!, 'one more question')

    expect(embedded).toEqual(['how do I pay', 'one more question'])
    const alone = await Promise.all(['how do I pay', texts[2]!, texts[0]!, 'one more question'].map((text) => add(text)))
    const anchors = alone.map(({ anchorIds }) => anchorIds[0]!)
    expect([...mixed.anchorIds]).toEqual([anchors[0], anchors[1], anchors[0], anchors[2], anchors[3]])
    expect(clusterer.progress().seen).toBe(2 * texts.length + 5 + 4)
  })

  it('weighs a text as often as it was said', async () => {
    const many = await add(...texts, ...Array.from({ length: 100 }, () => texts[0]!))

    const run = clusterer.consolidate()

    const topic = run.topics.find(({ level, id }) => level === 'topic' && id === clusterer.assignmentOf(many.anchorIds[0]!)?.topic)
    expect(topic?.mass).toBeGreaterThanOrEqual(101)
  })

  it('says where a text belongs now, though it has been there before the run', async () => {
    for (let i = 0; i < 40; i++) await add(...texts)
    clusterer.consolidate()

    const { topicIds, anchorIds } = await add(texts[1]!)

    expect(topicIds[0]).toBe(clusterer.assignmentOf(anchorIds[0]!)?.topic)
    expect(topicIds[0]).not.toBe(0n)
  })

  it('makes the next run due by new texts four times as fast as by repeats', async () => {
    for (let i = 0; i < 40; i++) await add(...texts)
    clusterer.consolidate()
    const { until } = clusterer.progress()

    await add(...Array.from({ length: 40 }, () => texts[0]!))
    expect(clusterer.progress().until).toBe(until - 10)
    await add('how do I pay', 'one more question')

    expect(clusterer.progress().until).toBe(until - 12)
  })

  it('has no figures for a text without a vector', async () => {
    const only = [await add('🙂'), await add('🙂'), await add('🙂')]

    expect(only[2]).toEqual(only[0])
    expect(embedded).toHaveLength(3)
  })

  it('searches anew once it was told to forget', async () => {
    await add(...texts)
    await add(...texts)
    takeIn.forgetRepeated()
    embedded = []

    await add(...texts)

    expect(embedded).toEqual(texts)
  })
})

function toMessage(text: string): ArrivedMessage {
  return { text, userId: 'ann', sessionId: 's1' }
}
