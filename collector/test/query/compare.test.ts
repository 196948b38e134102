import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CompareAnswer } from '../../src/query/contract/segments.ts'
import {
  insertEvents,
  insertTopics,
  openTestApi,
  openTestDatabase,
  type TestApi,
  type TestDatabase,
  type TestEvent,
  topic,
} from './support.ts'

const topics = 12

/** Numbers in [0, 1) from a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('comparing two halves of the traffic', () => {
  let database: TestDatabase
  let api: TestApi

  beforeAll(async () => {
    database = await openTestDatabase()
    api = openTestApi(database.db)
    await insertTopics(database.db, topics)
    const next = random(11)
    const events: TestEvent[] = []
    for (let session = 0; session < 3000; session++) {
      const half = next() < 0.5 ? 'control' : 'test'
      const coin = next() < 0.5 ? 'heads' : 'tails'
      for (let turn = 0; turn < 1 + next() * 4; turn++) {
        // In the half `test` topic 7 comes up twice as often, at the cost of all others.
        const share = half === 'test' ? 2 / (topics + 1) : 1 / topics
        const other = 1 + Math.floor(next() * (topics - 1))
        const anchor = next() < share ? 7 : other >= 7 ? other + 1 : other
        events.push({ session: `s${session}`, ago: 100_000 - turn * 60, anchor, fields: { half, coin } })
      }
    }
    await insertEvents(database.db, events)
  })
  afterAll(() => database.close())

  it('puts a planted doubling first', async () => {
    const answer = await api.get<CompareAnswer>('/compare?a.segment.half=control&b.segment.half=test')

    expect(answer.topics[0]).toMatchObject({ topic_id: topic(7), significant: true })
    expect(answer.topics[0]!.low).toBeGreaterThan(0)
    expect(answer.a.sessions + answer.b.sessions).toBe(3000)
  })

  it('finds nothing between two random halves', async () => {
    const answer = await api.get<CompareAnswer>('/compare?a.segment.coin=heads&b.segment.coin=tails')

    expect([...answer.topics, ...answer.transitions, ...answer.drop_offs].filter((row) => row.significant)).toEqual([])
  })

  it('names faults on the side where they are', async () => {
    const response = await api.fetch('/compare?a.form=now-1d&b.segment.hafl=test')

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ faults: [{ path: 'a.form' }] })
  })
})
