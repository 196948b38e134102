import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { emergingAnswer } from '../../src/query/contract/segments.ts'
import { insertEvents, insertTopics, now, openTestApi, openTestDatabase, type TestDatabase, type TestEvent, topic } from './support.ts'

type Emerging = z.infer<typeof emergingAnswer>

const day = 86_400

/** Steady traffic with a rhythm of days: `perDay` events a day, most of them by day, spread over ten topics by fixed weights. */
function steady(days: number, perDay: number): TestEvent[] {
  let state = 42
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  return Array.from({ length: days * perDay }, (_, i) => {
    const hours = 24 * (0.5 + 0.5 * Math.sin(Math.PI * (next() - 0.5))) // crowded around midday
    const anchor = 1 + Math.floor(10 * next() ** 1.5)
    return { session: `steady-${i}`, ago: Math.floor(i / perDay) * day + Math.floor(hours * 3600), anchor }
  })
}

describe('emerging topics', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase()
    await insertTopics(database.db, 12)
    await insertEvents(database.db, steady(30, 1000))
  })
  afterAll(() => database.close())

  const at = (daysAgo: number, query = ''): Promise<Emerging> =>
    openTestApi(database.db, { now: () => new Date(now.getTime() - daysAgo * day * 1000) }).get(`/emerging${query}`)

  it('raises no alarm in fourteen steady days, looked at every six hours', { timeout: 120_000 }, async () => {
    for (let quarter = 0; quarter < 14 * 4; quarter++) expect((await at(quarter / 4)).topics).toEqual([])
  })

  it('marks a new intent at 1 % of the traffic within 200 of its events', async () => {
    await insertEvents(
      database.db,
      Array.from({ length: 10 }, (_, i) => ({ session: `new-${i}`, ago: 1 + i * 8000, anchor: 11 })),
    )

    expect((await at(0)).topics).toMatchObject([{ topic_id: topic(11), kind: 'born', events: 10 }])
  })

  it('marks a topic that doubles', async () => {
    const more = Array.from({ length: 400 }, (_, i) => ({ session: `more-${i}`, ago: 16 * day + i * 60, anchor: 3, project: 'default' }))
    await insertEvents(database.db, more)

    expect((await at(16)).topics).toMatchObject([{ topic_id: topic(3), kind: 'spiking' }])
    expect((await at(16, '?from=now-6h')).topics[0]).toMatchObject({ topic_id: topic(3), kind: 'spiking' })
  })

  it('marks a topic that falls silent', async () => {
    const until = Array.from({ length: 50 * 20 }, (_, i) => ({ session: `until-${i}`, ago: 2 * day + i * 1728, anchor: 12 }))
    await insertEvents(database.db, until)

    expect((await at(0.5)).topics.find((row) => row.kind === 'fading')).toMatchObject({ topic_id: topic(12), events: 0 })
  })

  it('says nothing of a project that is itself new', async () => {
    await insertEvents(
      database.db,
      Array.from({ length: 50 }, (_, i) => ({ session: `n${i}`, ago: i * 60, anchor: 1, project: 'young' })),
    )
    const api = openTestApi(database.db, { authenticate: () => ({ project: 'young', keyId: '' }) })

    expect((await api.get<Emerging>('/emerging')).topics).toEqual([])
  })
})
