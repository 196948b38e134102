import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toOtlpRequest } from '../../src/demo/to-otlp.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import type { DemoSession } from '../../src/demo/types.ts'
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import type { EventsAnswer, SessionsAnswer } from '../../src/query/contract/sessions.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const range = 'from=now-30d'
const hourMs = 3600_000

describe('the whole way, from conversations to topics and journeys', () => {
  let collector: TestCollector
  let sessions: DemoSession[]

  beforeAll(async () => {
    collector = await startTestCollector()
    const endAt = new Date(Date.now() - hourMs)
    sessions = [...generateConversations({ seed: 7, sessions: 400, startAt: new Date(endAt.getTime() - 48 * hourMs), endAt })]
    const half = sessions.length / 2
    expect((await collector.post('/v1/traces', toOtlpRequest(sessions.slice(0, half)))).status).toBe(200)
    expect((await collector.post('/track', toTrackBodies(sessions.slice(half)))).status).toBe(200)
    await collector.stored()
    // Topics are complete once nothing waits for its first assignment.
    await eventually(async () => {
      const { topics, unclustered } = (await collector.get(`/api/v1/topics?${range}`)).body as TopicsAnswer
      expect(topics.length).toBeGreaterThan(5)
      expect(unclustered.events).toBeLessThan(0.15 * count(sessions))
    })
  })
  afterAll(() => collector.dispose())

  it('counts exactly what was sent', async () => {
    const { total } = (await collector.get(`/api/v1/topics?${range}`)).body as TopicsAnswer

    expect(total.events).toBe(count(sessions))
    expect(total.sessions).toBe(sessions.length)
    expect(total.users).toBe(new Set(sessions.flatMap(({ events }) => events.map(({ userId }) => userId))).size)
  })

  it('has every text once, with its session, user and metadata', async () => {
    const found: EventsAnswer['events'] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer = (
        await collector.get(`/api/v1/events?${range}&limit=300${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      ).body as EventsAnswer
      found.push(...answer.events)
      cursor = answer.next_cursor
    }

    const sent = sessions.flatMap(({ events }) =>
      events.map(
        (event) => `${event.sessionId}|${event.userId}|${event.timestamp.toISOString()}|${event.metadata.prompt}|${event.metadata.plan}`,
      ),
    )
    expect(
      found.map((event) => `${event.session_id}|${event.user_id}|${event.timestamp}|${event.text}|${event.fields['plan']}`).sort(),
    ).toEqual(sent.sort())
  })

  it('reconciles journeys: starts are sessions, visits are follow-ups, drop-offs and active ones', async () => {
    const journeys = (await collector.get(`/api/v1/journeys?${range}&limit=5000`)).body as JourneysAnswer

    expect(journeys.sessions).toBe(sessions.length)
    expect(sum(journeys.starts.map((start) => start.sessions))).toBe(sessions.length)
    expect(sum(journeys.drop_offs.map((dropOff) => dropOff.sessions)) + journeys.active).toBe(sessions.length)
    for (const topic of journeys.topics) expect(topic.visits).toBe(topic.follow_ups + topic.drop_offs + topic.active)
    expect(journeys.back_and_forth.length).toBeGreaterThan(0)
  })

  it('opens behind a drop-off exactly the sessions that it counts', async () => {
    const journeys = (await collector.get(`/api/v1/journeys?${range}&limit=5000`)).body as JourneysAnswer
    const [top] = journeys.drop_offs

    const behind = (await collector.get(`/api/v1/sessions?${range}&journey=drop_offs&at=${top!.topic_id}&limit=1000`))
      .body as SessionsAnswer

    expect(behind.total.sessions).toBe(top!.sessions)
    expect(behind.sessions).toHaveLength(top!.sessions)
  })

  it('gives topics that are mostly one intent each', async () => {
    const intentOf = new Map(
      sessions.flatMap(({ events }) => events.map((event) => [`${event.sessionId}|${event.timestamp.toISOString()}`, event.intent])),
    )
    const { events } = (await collector.get(`/api/v1/events?${range}&limit=5000`)).body as EventsAnswer
    const byTopic = new Map<string, string[]>()
    for (const event of events)
      byTopic.set(event.topic_id, [...(byTopic.get(event.topic_id) ?? []), intentOf.get(`${event.session_id}|${event.timestamp}`)!])

    const majority = sum(
      [...byTopic.values()].map((intents) =>
        Math.max(...[...new Set(intents)].map((intent) => intents.filter((other) => other === intent).length)),
      ),
    )

    expect(majority / events.length).toBeGreaterThan(0.6)
  })

  it('keeps topics, ids and labels over a restart', async () => {
    const before = (await collector.get(`/api/v1/topics?${range}`)).body as TopicsAnswer
    await collector.stop()
    collector = await startTestCollector({ dataDir: collector.dataDir })

    const after = (await collector.get(`/api/v1/topics?${range}`)).body as TopicsAnswer

    expect(after.topics.map(({ id, label, events }) => ({ id, label, events }))).toEqual(
      before.topics.map(({ id, label, events }) => ({ id, label, events })),
    )
  })

  it('writes no text of a user and no key into its log', () => {
    const texts = sessions.flatMap(({ events }) => events.map(({ metadata }) => metadata.prompt)).filter((text) => text.length > 20)

    for (const line of collector.log) for (const text of texts) expect(line).not.toContain(text)
  })
})

function count(sessions: readonly DemoSession[]): number {
  return sum(sessions.map(({ events }) => events.length))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
