import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClickHouseError } from '@clickhouse/client'
import type { ClickHouse } from '@turret/clickhouse'
import type { ApiError } from '../../src/query/contract/common.ts'
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import { classifyFields } from '../../src/query/fields.ts'
import { insertEvents, openTestApi, openTestDatabase, type TestDatabase } from './support.ts'

const values = Array.from({ length: 501 }, (_, i) => `v${i}`)

describe('the limits of a query', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase()
    await insertEvents(
      database.db,
      values.map((value, i) => ({ session: `s${i}`, anchor: 1, ago: 5000 + i, fields: { shop: value } })),
    )
    await classifyFields(database.db, 'default')
  })
  afterAll(() => database.close())

  /** The same database, in which every question takes half a minute. */
  const slow = (): ClickHouse => ({
    ...database.db,
    database: database.db.database,
    query: (_sql, options) =>
      database.db.query('SELECT sleepEachRow(0.3) AS slow, {project: String} AS p FROM numbers(100) SETTINGS max_block_size = 1', options),
  })
  const running = async (): Promise<number> => {
    const [row] = await database.db.query<{ n: number }>(
      `SELECT count() AS n FROM system.processes WHERE query LIKE '%AS slow%' AND query NOT LIKE '%processes%'`,
    )
    return row?.n ?? -1
  }
  const until = async (count: number): Promise<number> => {
    for (let i = 0; i < 100 && (await running()) !== count; i++) await delay(100)
    return running()
  }

  it('end it in the engine when the client hangs up', async () => {
    const client = new AbortController()
    const asked = openTestApi(slow())
      .fetch('/topics', { signal: client.signal })
      .catch(() => undefined)
    expect(await until(1)).toBe(1)

    client.abort()

    expect(await until(0)).toBe(0)
    await asked
  })

  it('end it in the engine when it takes too long, and say what to do', async () => {
    const api = openTestApi(slow(), { limits: { timeoutMs: 1000, maxMemoryBytes: 1e9 } })

    const response = await api.fetch('/topics')

    expect([response.status, ((await response.json()) as ApiError).error]).toEqual([422, expect.stringContaining('narrow the time range')])
    expect(await until(0)).toBe(0)
  })

  it('do not count what others hold: a server short of memory is asked again, and then named', async () => {
    const full = (times: number): ClickHouse => {
      let left = times
      return {
        ...database.db,
        database: database.db.database,
        query: (sql, options) => {
          const message = '(total) memory limit exceeded: would use 401.18 MiB, maximum: 400.00 MiB'
          if (sql.includes('countResample') && left-- > 0)
            return Promise.reject(new ClickHouseError({ code: '241', type: 'MEMORY_LIMIT_EXCEEDED', message }))
          return database.db.query(sql, options)
        },
      }
    }

    const helped = await openTestApi(full(2)).fetch('/topics')
    const refused = await openTestApi(full(9)).fetch('/topics')

    expect(helped.status).toBe(200)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await refused.json()).toMatchObject({ code: 'STORE_UNAVAILABLE', error: 'ClickHouse is short of memory: ask again in a moment' })
  })

  it('let 500 values of a segment through, with right totals, and no more', async () => {
    const api = openTestApi(database.db)
    const filter = (count: number): string => `/journeys?segment.shop=${values.slice(0, count).join(',')}`

    expect((await api.get<JourneysAnswer>(filter(500))).sessions).toBe(500)
    expect((await api.fetch(filter(501))).status).toBe(400)
  })
})
