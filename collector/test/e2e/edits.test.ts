import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import { type Client, createClient } from '../../src/query/client.ts'
import type { Topic } from '../../src/query/contract/topics.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { settled } from '../settled.ts'

const range = { from: 'now-30d' } as const
const hourMs = 3600_000

describe('people’s edits of topics', () => {
  let collector: TestCollector
  let client: Client

  beforeAll(async () => {
    collector = await startTestCollector()
    client = createClient({ url: collector.url })
    await sendConversations(1, 300)
    await eventually(async () => {
      const { topics, unclustered } = await client.topics(range)
      expect(topics.length).toBeGreaterThan(6)
      expect(unclustered.events).toBeLessThan(100)
    })
  })
  afterAll(() => collector.dispose())

  it('keeps a name through a new clustering and a restart, and gives the old one back', async () => {
    const [topic] = await topics()

    const { edit_id } = await client.patchTopic(topic!.id, { label: 'Renamed by a person' })

    expect((await find(topic!.id))?.label).toBe('Renamed by a person')
    await sendConversations(2, 300)
    await restart()
    expect(await find(topic!.id)).toMatchObject({ label: 'Renamed by a person', label_source: 'user' })
    await client.undoEdit(edit_id)
    expect(await find(topic!.id)).toMatchObject({ label_source: 'phrase' })
  })

  it('merges topics without touching a third, sends readers of the old id on, and takes it back', async () => {
    await settled(client)
    const before = await topics()
    const [into, from] = [before[1]!, before[2]!]

    const { edit_id } = await client.mergeTopics(into.id, { topic_ids: [from.id] })

    const merged = await topics()
    expect(count(merged, into.id)).toBe(into.events + from.events)
    for (const other of before.filter(({ id }) => id !== into.id && id !== from.id)) expect(count(merged, other.id)).toBe(other.events)
    expect((await client.topic(from.id, range)).redirected_from).toBe(from.id)
    await restart()
    expect(count(await topics(), into.id)).toBe(into.events + from.events)
    await client.undoEdit(edit_id)
    expect(new Map((await topics()).map(({ id, events }) => [id, events]))).toEqual(new Map(before.map(({ id, events }) => [id, events])))
  })

  it('hides a topic from lists and keeps counting it', async () => {
    const [topic] = await topics()
    const { total } = await client.topics(range)

    await client.patchTopic(topic!.id, { hidden: true })

    expect(await find(topic!.id)).toBeUndefined()
    expect((await client.topics({ ...range, hidden: 'true' })).topics.find(({ id }) => id === topic!.id)?.hidden).toBe(true)
    expect((await client.topics(range)).total.events).toBe(total.events)
  })

  it('refuses edits of topics that do not exist, with a reason', async () => {
    await expect(client.patchTopic('00000000000000ff', { label: 'x' })).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' })
    await expect(client.undoEdit('no-such-edit')).rejects.toMatchObject({ status: 404 })
    await expect(client.patchTopic((await topics())[0]!.id, {})).rejects.toMatchObject({ status: 400 })
  })

  async function topics(): Promise<Topic[]> {
    return (await client.topics(range)).topics
  }

  async function find(id: string): Promise<Topic | undefined> {
    return (await topics()).find((topic) => topic.id === id)
  }

  async function restart(): Promise<void> {
    await collector.stop()
    collector = await startTestCollector({ dataDir: collector.dataDir })
    client = createClient({ url: collector.url })
  }

  async function sendConversations(seed: number, sessions: number): Promise<void> {
    const endAt = new Date(Date.now() - hourMs)
    const conversations = generateConversations({ seed, sessions, startAt: new Date(endAt.getTime() - 48 * hourMs), endAt })
    expect((await collector.post('/track', toTrackBodies(conversations).slice(0, 1000))).status).toBe(200)
    await collector.stored()
  }
})

function count(topics: readonly Topic[], id: string): number | undefined {
  return topics.find((topic) => topic.id === id)?.events
}
