import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import { insertEvents, insertTopics, now, openTestApi, openTestDatabase, type TestDatabase, topic, topicNumber } from './support.ts'

const hour = 3600

describe('the SQL views', () => {
  let database: TestDatabase
  const agoOf = (secondsBeforeRealNow: number): number => secondsBeforeRealNow - (Date.now() - now.getTime()) / 1000

  beforeAll(async () => {
    database = await openTestDatabase()
    const { db } = database
    await insertTopics(db, 3)
    await insertEvents(db, [
      { session: 'a', id: 'a1', anchor: 1, ago: agoOf(20 * 24 * hour) },
      { session: 'a', id: 'a2', anchor: 1, ago: agoOf(20 * 24 * hour - 60) },
      { session: 'a', id: 'a3', anchor: 2, ago: agoOf(20 * 24 * hour - 120), error: true },
      { session: 'a', id: 'a3', anchor: 2, ago: agoOf(20 * 24 * hour - 120), error: true, dimension: 'subject', rank: 1 },
      { session: 'b', arrivalTopic: topicNumber(8), ago: agoOf(20 * 24 * hour) },
      { session: 'c', ago: agoOf(20 * 24 * hour) },
    ])
    // 8 was merged into 9, and 9 into 3
    const merged = [8, 9].map((n) => ({
      Project: 'default',
      Level: 'topic',
      Label: 'old',
      State: 'retired',
      TopicId: topicNumber(n),
      RedirectTo: topicNumber(n === 8 ? 9 : 3),
      Version: 2,
    }))
    await db.insertRows('topics', merged, { token: 'merged' })
  })
  afterAll(() => database.close())

  it('v_messages names the topic of now, also across merges', async () => {
    const rows = await database.db.query(
      'SELECT SessionId, TopicId, TopicLabel, count() AS n FROM v_messages GROUP BY ALL ORDER BY SessionId, TopicId',
    )

    expect(rows).toEqual([
      { SessionId: 'a', TopicId: topic(1), TopicLabel: 'topic 1', n: 2 },
      { SessionId: 'a', TopicId: topic(2), TopicLabel: 'topic 2', n: 1 },
      { SessionId: 'b', TopicId: topic(3), TopicLabel: 'topic 3', n: 1 },
      { SessionId: 'c', TopicId: '0'.repeat(16), TopicLabel: 'Unclustered', n: 1 },
    ])
  })

  it('v_sessions has the path of each session', async () => {
    const rows = await database.db.query("SELECT SessionId, User, Messages, TopicPath, Errors FROM v_sessions WHERE SessionId = 'a'")

    expect(rows).toEqual([{ SessionId: 'a', User: 'ann', Messages: 3, TopicPath: [topic(1), topic(2)], Errors: 1 }])
  })

  it('v_topic_activity and v_transitions agree with the query API', async () => {
    const activity = await database.db.query(
      'SELECT TopicId, sum(Events) AS events FROM v_topic_activity GROUP BY TopicId ORDER BY TopicId',
    )
    const transitions = await database.db.query('SELECT FromTopic AS from, ToTopic AS to, count() AS count FROM v_transitions GROUP BY ALL')
    const journeys = await openTestApi(database.db).get<JourneysAnswer>('/journeys')

    expect(activity).toEqual([
      { TopicId: '0'.repeat(16), events: 1 },
      { TopicId: topic(1), events: 2 },
      { TopicId: topic(2), events: 1 },
      { TopicId: topic(3), events: 1 },
    ])
    expect(transitions).toEqual(journeys.follow_ups.map(({ from, to, count }) => ({ from, to, count })))
  })

  it('v_topic_spike scores a topic that comes up far more than in the two weeks before', async () => {
    const steady = Array.from({ length: 14 * 100 }, (_, i) => ({
      session: `s${i}`,
      anchor: 1 + (i % 2),
      ago: agoOf(i * 864 + 1),
      project: 'spiky',
    }))
    const spike = Array.from({ length: 100 }, (_, i) => ({ session: `x${i}`, anchor: 2, ago: agoOf(i * 60 + 1), project: 'spiky' }))
    await insertEvents(database.db, [...steady, ...spike])

    const rows = await database.db.query<{ TopicId: string; Events: number; Expected: number; Score: number }>(
      "SELECT TopicId, Events, Expected, Score FROM v_topic_spike WHERE Project = 'spiky' ORDER BY Score DESC",
    )

    expect(rows[0]).toMatchObject({ TopicId: topic(2), Events: 150 })
    expect(rows[0]?.Expected).toBeCloseTo(100, -1)
    expect(rows[0]?.Score).toBeGreaterThan(4)
    expect(rows[1]?.Score).toBeLessThan(0)
  })
})
