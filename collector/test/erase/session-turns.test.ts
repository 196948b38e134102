import { readFileSync } from 'node:fs'
import { loadQuery } from '@turret/clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { eraseSessionTurns, expireSessionTurns } from '../../src/erase/session-turns.ts'
import { insertEvents, now, openTestApi, openTestDatabase, type TestDatabase } from '../query/support.ts'

const daySeconds = 86_400

describe('the table session_turns', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase()
    const turn = (session: string, user: string, i: number) => ({ session, user, id: `${session}-${user}-${i}`, ago: 90_000 - i })
    await insertEvents(database.db, [turn('shared', 'ann', 1), turn('shared', 'bob', 2), turn('own', 'bob', 1), turn('other', 'ann', 1)])
  })
  afterAll(() => database.close())

  const total = async (query: string) => (await openTestApi(database.db).get<TopicsAnswer>(`/topics?${query}`)).total

  it('forgets a user’s events once it is told, however often', async () => {
    const bob = { kind: 'user', ids: ['bob'] } as const

    await eraseSessionTurns(database.db, 'default', bob, ['shared', 'own'])
    await eraseSessionTurns(database.db, 'default', bob, ['shared', 'own'])

    expect(await total('')).toEqual({ events: 2, sessions: 2, users: 1 })
    expect(await total('user_id=bob')).toEqual({ events: 0, sessions: 0, users: 0 })
  })

  it('gives the same numbers as events do', async () => {
    // A range can only be answered from events: this one leaves all of them.
    await insertEvents(database.db, [
      { session: 'ranged', ago: 1000, fields: { n: '5' }, user: 'eve' },
      { session: 'ranged', ago: 900, fields: { n: '5' }, user: '' },
    ])

    expect(await total('session_id=ranged')).toEqual(await total('session_id=ranged&range.n=1..9'))
  })

  it('forgets what is too old, also of a session that goes on', async () => {
    const before = await total('from=now-90d')
    await insertEvents(database.db, [
      { session: 'long', ago: 40 * daySeconds },
      { session: 'past', ago: 40 * daySeconds },
    ])
    await insertEvents(database.db, [{ session: 'long', ago: 800 }])

    await expireSessionTurns(database.db, 'default', now.getTime() / 1000 - 30 * daySeconds)

    expect(await total('from=now-90d')).toEqual({ ...before, events: before.events + 1, sessions: before.sessions + 1 })
  })

  it('is filled by its view and by a rebuild in the same way', () => {
    const migration = readFileSync(new URL('../../../clickhouse/migrations/0011_session_turns.sql', import.meta.url), 'utf8')
    const query = loadQuery('fragment_session_turns')
      .replace(/^(--.*\n)+/, '')
      .trim()
      .replace('{{source}}', 'events')

    expect(migration.split(query)).toHaveLength(2)
  })
})
