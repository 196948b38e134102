import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import type { SessionAnswer, SessionsAnswer } from '../../src/query/contract/sessions.ts'
import { insertEvents, insertTopics, openTestApi, openTestDatabase, type TestApi, type TestDatabase, topic } from './support.ts'

describe('odd sessions', () => {
  let database: TestDatabase
  let api: TestApi

  beforeAll(async () => {
    database = await openTestDatabase()
    api = openTestApi(database.db)
    await insertTopics(database.db, 3)
  })
  afterAll(() => database.close())

  const only = (session: string): Promise<JourneysAnswer> => api.get(`/journeys?session_id=${encodeURIComponent(session)}`)

  it('of ten thousand turns is counted in full and shown by its newest thousand', async () => {
    await insertEvents(
      database.db,
      Array.from({ length: 10_000 }, (_, i) => ({ session: 'long', anchor: 1 + (i % 3), ago: 100_000 - i })),
    )

    expect(await only('long')).toMatchObject({
      sessions: 1,
      events: 10_000,
      steps: 10_000,
      cycles: [{ path: [topic(1), topic(2), topic(3)], sessions: 1 }],
    })
    const session = await api.get<SessionAnswer>('/sessions/long')
    expect([session.events.length, session.other?.events, session.path.length]).toEqual([1000, 9000, 50])
  })

  it('with two events in one instant is ordered by their ids', async () => {
    await insertEvents(database.db, [
      { session: 'instant', id: 'b', anchor: 2, ago: 5000 },
      { session: 'instant', id: 'c', anchor: 3, ago: 5000 },
      { session: 'instant', id: 'a', anchor: 1, ago: 5000 },
    ])

    expect((await only('instant')).flow.steps.map(({ nodes }) => nodes[0]?.topic_id)).toEqual([topic(1), topic(2), topic(3)])
    expect((await api.get<SessionAnswer>('/sessions/instant')).events.map((event) => event.event_id)).toEqual(['a', 'b', 'c'])
  })

  it('that arrives late and out of order stands where its own time puts it', async () => {
    await insertEvents(database.db, [{ session: 'late', anchor: 3, ago: 40_000 }])
    await insertEvents(database.db, [{ session: 'late', anchor: 1, ago: 90_000 }])
    await insertEvents(database.db, [{ session: 'late', anchor: 2, ago: 60_000 }])

    const [session] = (await api.get<SessionsAnswer>('/sessions?session_id=late')).sessions
    expect(session?.path).toEqual([topic(1), topic(2), topic(3)])
  })

  it('from the future is still active', async () => {
    await insertEvents(database.db, [{ session: 'future', anchor: 1, ago: -86_400 }])

    expect(await only('future')).toMatchObject({ sessions: 1, active: 1, drop_offs: [] })
  })

  it('used by two users says so', async () => {
    await insertEvents(database.db, [
      { session: 'both', ago: 200, user: 'ann' },
      { session: 'both', ago: 100, user: 'bob' },
    ])

    const answer = await api.get<SessionsAnswer>('/sessions?session_id=both')
    expect(answer.sessions[0]).toMatchObject({ user_id: 'ann', users: 2 })
    expect(answer.total.users).toBe(2)
  })

  it('with a month between two turns is one session', async () => {
    await insertEvents(database.db, [
      { session: 'months', anchor: 1, ago: 40 * 86_400 },
      { session: 'months', anchor: 2, ago: 100 },
    ])

    expect(await only('months')).toMatchObject({ sessions: 1, follow_ups: [{ from: topic(1), to: topic(2), count: 1 }] })
  })

  it('looks the same by itself as in the list', async () => {
    await insertEvents(database.db, [
      { session: 'plain', anchor: 1, ago: 900, text: 'é'.repeat(300), user: 'ann', error: true },
      { session: 'plain', anchor: 1, ago: 800, textHash: 0n },
      { session: 'plain', anchor: 2, ago: 700, user: 'bob' },
    ])

    const listed = (await api.get<SessionsAnswer>('/sessions?limit=100')).sessions
    expect(listed.length).toBeGreaterThan(1)
    for (const { events, ...summary } of listed) {
      const session = await api.get<SessionAnswer>(`/sessions/${summary.session_id}`)
      expect(session).toMatchObject(summary)
      expect(session.events.length + (session.other?.events ?? 0)).toBe(events)
    }
  })
})
