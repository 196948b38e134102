import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../src/cluster/random.ts'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import { hashText } from '../../src/embed/text-hash.ts'
import { type Client, createClient } from '../../src/query/client.ts'
import type { Topic } from '../../src/query/contract/topics.ts'
import { type EmbeddingServer, sendJson, sendVectors, startEmbeddingServer } from '../embed/embedding-server.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { settled } from '../settled.ts'

const range = { from: 'now-30d', limit: '200' } as const
const hourMs = 3600_000
const dimensions = 96

describe('another embedding after a restart', () => {
  let server: EmbeddingServer
  let collector: TestCollector
  let client: Client
  let isAway = false

  beforeAll(async () => {
    server = await startEmbeddingServer()
    server.misbehave = (response, { input }) => {
      if (isAway) sendJson(response, 503, { error: { message: 'away' } })
      else sendVectors(response, input.map(wordVector))
      return true
    }
    await start()
    await send(1, 400)
    await eventually(async () => expect((await client.topics(range)).topics.length).toBeGreaterThan(6))
    await settled(client)
  })
  afterAll(async () => {
    await collector.dispose()
    await server.close()
  })

  it('takes topics, ids and people’s names along, and back again', { timeout: 120_000 }, async () => {
    const before = (await client.topics(range)).topics
    await client.patchTopic(before[0]!.id, { label: 'Named by a person' })
    await client.mergeTopics(before[1]!.id, { topic_ids: [before[2]!.id] })
    const named = before[0]!.id
    const old = (await client.topics(range)).topics

    await start(true)
    await carriedOver()
    const there = (await client.topics(range)).topics

    expect(survivors(old, there)).toBeGreaterThan(0.5)
    expect(there.find(({ id }) => id === named)).toMatchObject({ label: 'Named by a person', label_source: 'user' })
    expect((await client.topic(before[2]!.id, { from: range.from })).id).toBe(before[1]!.id)
    expect((await client.overview()).embedding).toBe(`openai:test:${dimensions}`)
    const [run] = await collector.db.query<{ SpaceId: string; Trigger: string }>(
      'SELECT SpaceId, Trigger FROM clustering_runs ORDER BY Version DESC LIMIT 1',
    )
    expect(run).toEqual({ SpaceId: `openai:test:${dimensions}`, Trigger: 'model' })

    await start()
    await carriedOver()
    const back = (await client.topics(range)).topics

    expect(survivors(old, back)).toBeGreaterThan(0.5)
    expect(back.find(({ id }) => id === named)).toMatchObject({ label: 'Named by a person' })
  })

  it('takes what was split off, moved, pinned and hidden along, and back again', { timeout: 180_000 }, async () => {
    const listed = (await client.topics(range)).topics
    const { topics: subtopics } = await client.topics({ ...range, level: 'subtopic' })
    const partsOf = (id: string): Topic[] => subtopics.filter(({ parent_id }) => parent_id === id)
    const whole = listed.find(({ id }) => partsOf(id).length > 1)!
    const [home, hidden, pinned] = listed.filter(({ id }) => id !== whole.id)
    const moved = (await client.topicEvents(hidden!.id, { ...range, limit: '3' })).events.map(({ event_id }) => event_id)
    await client.splitTopic(whole.id, { subtopic_ids: [partsOf(whole.id)[1]!.id], label: 'Split off by a person' })
    await client.moveEvents(home!.id, { event_ids: moved })
    await client.patchTopic(pinned!.id, { pinned: true })
    await client.patchTopic(hidden!.id, { hidden: true })
    const part = (await client.topics(range)).topics.find(({ label }) => label === 'Split off by a person')!
    const before = await topicOfEvents()
    const eventsOf = (topic: string): string[] =>
      [...before].filter(([, id]) => BigInt(id) === BigInt(`0x${topic}`)).map(([event]) => event)

    for (const isOpenAi of [true, false]) {
      await start(isOpenAi)
      await carriedOver()
      const topics = new Map((await client.topics({ ...range, hidden: 'true' })).topics.map((topic) => [topic.id, topic]))
      const after = await topicOfEvents()
      const stay = (events: readonly string[], topic: string): boolean =>
        events.every((id) => BigInt(after.get(id)!) === BigInt(`0x${topic}`))

      expect(topics.get(part.id)).toMatchObject({ label: 'Split off by a person', label_source: 'user' })
      expect(stay(eventsOf(part.id), part.id)).toBe(true)
      expect(stay(moved, home!.id)).toBe(true)
      expect(topics.get(pinned!.id)?.pinned).toBe(true)
      expect(stay(eventsOf(pinned!.id), pinned!.id)).toBe(true)
      expect(topics.get(hidden!.id)?.hidden).toBe(true)
      expect((await client.topics(range)).topics.find(({ id }) => id === hidden!.id)).toBeUndefined()
    }
  })

  it('leaves every message its topic while the new embedding is away, and gives new ones theirs later', { timeout: 120_000 }, async () => {
    const shown = await topicOfEvents()
    isAway = true

    await start(true)
    await send(2, 40)
    const meanwhile = await topicOfEvents()
    const fresh = [...meanwhile].filter(([id]) => !shown.has(id))

    for (const [id, topic] of shown) expect(meanwhile.get(id)).toBe(topic)
    expect(fresh.length).toBeGreaterThan(50)
    expect(fresh.every(([, topic]) => topic === '0')).toBe(true)
    expect((await client.overview()).carry_over).toMatchObject({ done: 0 })
    isAway = false
    await carriedOver()
    expect([...(await topicOfEvents()).values()].filter((topic) => topic === '0').length).toBeLessThan(fresh.length / 4)
    expect((await client.overview()).carry_over).toBeUndefined()
  })

  async function start(isOpenAi = false): Promise<void> {
    const { dataDir } = collector ?? {}
    await collector?.stop()
    const embedding = `{ provider: openai, openai: { base_url: "${server.baseUrl}", model: test, dimensions: ${dimensions} } }`
    collector = await startTestCollector({
      ...(dataDir !== undefined && { dataDir }),
      ...(isOpenAi && { config: [`yaml:connectors::topics::embedding: ${embedding}`] }),
    })
    client = createClient({ url: collector.url })
  }

  async function send(seed: number, sessions: number): Promise<void> {
    const endAt = new Date(Date.now() - hourMs)
    const conversations = generateConversations({ seed, sessions, startAt: new Date(endAt.getTime() - 48 * hourMs), endAt })
    const bodies = toTrackBodies(conversations)
    for (let i = 0; i < bodies.length; i += 500) expect((await collector.post('/track', bodies.slice(i, i + 500))).status).toBe(200)
    await collector.stored()
  }

  async function carriedOver(): Promise<void> {
    await eventually(async () => {
      expect(collector.log.some((line) => line.includes('topics were carried over'))).toBe(true)
    }, 60_000)
    await settled(client)
  }

  async function topicOfEvents(): Promise<Map<string, string>> {
    const rows = await collector.db.query<{ EventId: string; Topic: string }>(
      `SELECT EventId, toString(dictGetOrDefault('${collector.db.database}.anchor_topics_now', 'TopicId', AnchorId, ArrivalTopicId)) AS Topic
       FROM events FINAL WHERE DimensionRank = 0`,
    )
    return new Map(rows.map(({ EventId, Topic }) => [EventId, Topic]))
  }
})

/** A model of its own: every word has a direction, and a text is the sum of its words. */
function wordVector(text: string): number[] {
  const sum = Array.from({ length: dimensions }, () => 0.01)
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []) {
    const random = createRandom(Number(hashText(word) & 0x7fffffffn))
    for (let i = 0; i < dimensions; i++) sum[i] = sum[i]! + random.next() - 0.5
  }
  return sum
}

/** Share of the messages of `before` whose topics still live. */
function survivors(before: readonly Topic[], after: readonly Topic[]): number {
  const ids = new Set(after.map(({ id }) => id))
  const all = before.reduce((sum, { events }) => sum + events, 0)
  return before.filter(({ id }) => ids.has(id)).reduce((sum, { events }) => sum + events, 0) / all
}
