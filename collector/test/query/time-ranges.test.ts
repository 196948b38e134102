import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TimeRanges } from '../../src/query/buckets.ts'
import type { Asking } from '../../src/query/context.ts'
import { type TestDatabase, insertEvents, openTestDatabase } from './support.ts'

const manySessions = 10_000

describe('TimeRanges', () => {
  let database: TestDatabase
  beforeAll(async () => void (database = await openTestDatabase()))
  afterAll(() => database.close())

  const asking = (project: string): Asking => ({
    db: database.db,
    project,
    limits: { timeoutMs: 10_000, maxMemoryBytes: 1e9 },
    signal: new AbortController().signal,
  })

  it('sees every new event of a small project', async () => {
    const ranges = new TimeRanges()
    await insertEvents(database.db, [{ project: 'small', session: 's1', ago: 900 }])
    const before = await ranges.of(asking('small'))

    await insertEvents(database.db, [{ project: 'small', session: 's2', ago: 60 }])

    expect((await ranges.of(asking('small'))).LastMs).toBe(before.LastMs + 840_000)
  })

  it('does not read a large project again at once', async () => {
    const ranges = new TimeRanges()
    const sessions = Array.from({ length: manySessions }, (_, i) => ({ project: 'large', session: `s${i}`, ago: 900 }))
    await insertEvents(database.db, sessions)
    const before = await ranges.of(asking('large'))

    await insertEvents(database.db, [{ project: 'large', session: 'one more', ago: 60 }])

    expect(await ranges.of(asking('large'))).toBe(before)
    expect(await new TimeRanges().of(asking('large'))).toMatchObject({ LastMs: before.LastMs + 840_000, Sessions: manySessions + 1 })
  })
})
