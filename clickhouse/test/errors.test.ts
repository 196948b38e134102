import { ClickHouseError } from '@clickhouse/client'
import { describe, expect, it } from 'vitest'
import { loadQuery, openClickHouse, toClickHouseError } from '../src/index.ts'

const fromServer = (code: number): ClickHouseError => new ClickHouseError({ code: String(code), type: 'NAME', message: 'text' })

describe('toClickHouseError', () => {
  it.each([243, 241, 159, 202, 252, 210])('calls code %i worth another try', (code) => {
    expect(toClickHouseError(fromServer(code))).toEqual({ code, type: 'NAME', message: 'text', retryable: true })
  })

  it.each([27, 33, 117, 60, 62, 516])('calls code %i final', (code) => {
    expect(toClickHouseError(fromServer(code)).retryable).toBe(false)
  })

  it('calls an unreachable server worth another try', async () => {
    const db = await openClickHouse({ url: 'http://default:x@127.0.0.1:1/turret' })

    const failure = await db.query('SELECT 1').catch(toClickHouseError)
    const isAlive = await db.ping()
    await db.close()

    expect(failure).toMatchObject({ code: undefined, type: 'ECONNREFUSED', retryable: true })
    expect(isAlive).toBe(false)
  })

  it("calls the caller's own abort and any other error final", () => {
    expect(toClickHouseError(new DOMException('This operation was aborted', 'AbortError')).retryable).toBe(false)
    expect(toClickHouseError(new TypeError('x is not a function')).retryable).toBe(false)
    expect(toClickHouseError('a string')).toEqual({ code: undefined, type: undefined, message: 'a string', retryable: false })
  })
})

describe('openClickHouse', () => {
  it('takes the database from the URL, else the default', async () => {
    const named = await openClickHouse({ url: 'http://user:pass@localhost:8123/my%20db' })
    const unnamed = await openClickHouse({ url: 'https://localhost:8443' })

    expect([named.database, unnamed.database, named.embedded]).toEqual(['my db', 'turret', false])
    await named.close()
    await unnamed.close()
  })

  it('refuses a URL of another kind and does not repeat it, for it may hold a password', async () => {
    await expect(openClickHouse({ url: 'tcp://user:secret@host:9000' })).rejects.toThrow(
      'ClickHouse URL: expected chdb:<directory> or http(s)://user:password@host:8123/database',
    )
  })
})

describe('loadQuery', () => {
  it('refuses a name that is none, and one that does not exist', () => {
    expect(() => loadQuery('../migrations/0001')).toThrow(RangeError)
    expect(() => loadQuery('no-such-query')).toThrow('there is no queries/no-such-query.sql')
  })
})
