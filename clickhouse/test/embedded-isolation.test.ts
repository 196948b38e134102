import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toClickHouseError, type ClickHouse } from '../src/index.ts'
import { openTestClickHouse, until } from './support.ts'

let db: ClickHouse
let close: () => Promise<void>

beforeAll(async () => {
  ;({ db, close } = await openTestClickHouse())
  await db.command('CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n')
})
afterAll(() => close())

const slow = 'SELECT count() AS n FROM numbers(1000000000000)'
const running = async (): Promise<string[]> =>
  (await db.query<{ query: string }>("SELECT query FROM system.processes WHERE query NOT LIKE '%system.processes%'")).map(
    (row) => row.query,
  )

describe('requests to the embedded server', () => {
  it('leave no setting, parameter, database or temporary table behind', async () => {
    await db.query('SELECT {leak: String}', { params: { leak: 'x' }, settings: { max_block_size: 11, max_threads: 1, readonly: 2 } })
    await db.command('SET max_block_size = 12')
    await db.command('USE system')
    await db.command('CREATE TEMPORARY TABLE leak (n UInt8)')
    const probes = Array.from({ length: 12 }, () =>
      db.query(`SELECT getSetting('max_block_size') > 1000 AS size, getSetting('max_threads') AS threads, getSetting('readonly') AS readonly,
        currentDatabase() AS database, (SELECT count() FROM system.tables WHERE name = 'leak') AS tables`),
    )

    const answers = (await Promise.all(probes)).flat()

    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ size: 1, threads: 2, readonly: 0, database: 'turret', tables: 0 })]),
    )
    await expect(db.query('SELECT {leak: String}')).rejects.toMatchObject({ code: '456' })
  })

  it('run beside a slow read: inserts and small reads do not wait', async () => {
    const aborter = new AbortController()
    const slowReads = [1, 2].map(() => db.query(slow, { signal: aborter.signal }).catch(() => 'aborted'))
    await until(async () => (await running()).length === 2)

    await db.insertRows('t', [{ n: 1 }], { token: 'beside' })
    const answer = await db.query('SELECT 1 AS one')

    expect(answer).toEqual([{ one: 1 }])
    expect(await running()).toHaveLength(2)
    aborter.abort()
    expect(await Promise.all(slowReads)).toEqual(['aborted', 'aborted'])
  })

  it('are killed when the client hangs up', async () => {
    const aborter = new AbortController()
    const query = db.query(slow, { signal: aborter.signal }).catch((error: unknown) => error)
    await until(async () => (await running()).length > 0)

    aborter.abort()

    expect(await query).toBeInstanceOf(Error)
    await until(async () => (await running()).length === 0)
  })

  it('are killed when the client hangs up at once', async () => {
    for (const delayMs of [0, 1, 2, 5, 10, 20]) {
      const aborter = new AbortController()
      const query = db.query(slow, { signal: aborter.signal }).catch((error: unknown) => error)
      await sleep(delayMs)

      aborter.abort()

      expect(await query).toBeInstanceOf(Error)
    }
    await until(async () => (await running()).length === 0)
  })

  it('are killed when the client stops reading a streamed result', async () => {
    const result = await db.client.query({ query: "SELECT repeat('x', 1000) AS s FROM numbers(100000000)", format: 'JSONEachRow' })

    const startedAt = Date.now()
    result.close()
    await until(async () => (await running()).length === 0)

    expect(Date.now() - startedAt).toBeLessThan(2000)
  })

  it('end at their time limit and at their memory limit', async () => {
    const time = await db.query(slow, { timeoutMs: 300 }).catch(toClickHouseError)
    const memory = await db
      .query('SELECT length(groupArray(number)) FROM numbers(50000000)', { maxMemoryBytes: 20_000_000 })
      .catch(toClickHouseError)

    expect([time, memory]).toEqual([
      expect.objectContaining({ code: 159, retryable: true }),
      expect.objectContaining({ code: 241, retryable: true }),
    ])
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('are refused, and may be tried again, when too many wait', async () => {
    const aborter = new AbortController()
    setMaxListeners(200, aborter.signal)
    const many = Array.from({ length: 120 }, () => db.query(slow, { signal: aborter.signal }).catch(toClickHouseError))

    const refused = await Promise.any(many)
    await db.insertRows('t', [{ n: 2 }], { token: 'meanwhile' })
    aborter.abort()
    await Promise.all(many)

    expect(refused).toMatchObject({ code: 202, retryable: true })
    await until(async () => (await running()).length === 0)
  })
})
