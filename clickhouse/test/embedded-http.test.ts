import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EmbeddedServer } from '../src/index.ts'
import { startTestServer } from './support.ts'

let server: EmbeddedServer
let client: ClickHouseClient
let close: () => Promise<void>

beforeAll(async () => {
  ;({ server, client, close } = await startTestServer())
})
afterAll(() => close())

const rowsOf = async (query: string, parameters = {}): Promise<unknown[]> =>
  (await client.query({ query, format: 'JSONEachRow', ...parameters })).json()

/** A plain request: what no client library does. */
async function request(path: string, init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {}): Promise<Response> {
  const url = new URL(server.url)
  const authorization = `Basic ${Buffer.from(`${url.username}:${decodeURIComponent(url.password)}`).toString('base64')}`
  return fetch(new URL(path, `${url.protocol}//${url.host}`), { ...init, headers: { authorization, ...init.headers } })
}

describe('the embedded server and @clickhouse/client', () => {
  it('answers a ping without and with a query', async () => {
    expect(await client.ping()).toEqual({ success: true })
    expect((await client.ping({ select: true })).success).toBe(true)
  })

  it('creates a table, inserts rows and reads them back', async () => {
    await client.command({ query: 'CREATE TABLE people (id UInt32, name String, seen DateTime64(3)) ENGINE = MergeTree ORDER BY id' })
    const result = await client.insert({
      table: 'people',
      format: 'JSONEachRow',
      values: [
        { id: 1, name: 'Ada', seen: '2026-01-02 03:04:05.678' },
        { id: 2, name: 'Grace', seen: '2026-01-02 03:04:06.000' },
      ],
    })

    expect(result.summary?.written_rows).toBe('2')
    expect(await rowsOf('SELECT * FROM people ORDER BY id')).toEqual([
      { id: 1, name: 'Ada', seen: '2026-01-02 03:04:05.678' },
      { id: 2, name: 'Grace', seen: '2026-01-02 03:04:06.000' },
    ])
  })

  it('gives absent columns their defaults', async () => {
    await client.command({ query: 'CREATE TABLE defaults (a UInt8, b UInt8 DEFAULT a * 2, c UInt8 MATERIALIZED a * 3) ENGINE = Memory' })

    await client.insert({ table: 'defaults', format: 'JSONEachRow', values: [{ a: 2 }] })

    expect(await rowsOf('SELECT a, b, c FROM defaults')).toEqual([{ a: 2, b: 4, c: 6 }])
  })

  it('takes inline VALUES, and a body in the CSV format behind the statement', async () => {
    await client.command({ query: 'CREATE TABLE inline (n UInt8, s String) ENGINE = Memory' })

    await client.command({ query: "INSERT INTO inline VALUES (1, 'a;\n\nb'),\n\n(2, 'c')" })
    const response = await request('/', { method: 'POST', body: 'INSERT INTO inline FORMAT CSV\n3,"d\n\ne"\n4,f\n' })

    expect(response.status).toBe(200)
    expect(JSON.parse(response.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({ written_rows: '2' })
    expect(await rowsOf('SELECT * FROM inline ORDER BY n')).toEqual([
      { n: 1, s: 'a;\n\nb' },
      { n: 2, s: 'c' },
      { n: 3, s: 'd\n\ne' },
      { n: 4, s: 'f' },
    ])
  })

  it('takes an insert without rows', async () => {
    await client.command({ query: 'CREATE TABLE empty (n UInt8) ENGINE = Memory' })

    const response = await request(`/?query=${encodeURIComponent('INSERT INTO empty FORMAT JSONEachRow')}`, { method: 'POST' })

    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  it('applies settings of the request, and those of the statement above them', async () => {
    const query = "SELECT getSetting('max_block_size') AS a, getSetting('join_algorithm') AS b SETTINGS max_block_size = 5"

    const rows = await rowsOf(query, { clickhouse_settings: { max_block_size: 7, join_algorithm: 'hash' } })

    expect(rows).toEqual([{ a: 5, b: 'hash' }])
  })

  it('streams a hundred thousand rows', async () => {
    const result = await client.query({ query: "SELECT number, repeat('x', 50) AS s FROM numbers(100000)", format: 'JSONEachRow' })
    let sum = 0
    for await (const rows of result.stream()) for (const row of rows) sum += row.json<{ number: number }>().number

    expect(sum).toBe((100_000 * 99_999) / 2)
  })

  it('answers in formats with a header and a footer', async () => {
    const result = await client.query({ query: 'SELECT number FROM numbers(3)', format: 'JSON' })

    expect(await result.json()).toMatchObject({ rows: 3, data: [{ number: 0 }, { number: 1 }, { number: 2 }] })
  })

  it('answers statements that are no SELECT', async () => {
    const tables = await rowsOf('SHOW TABLES')

    expect(tables).toContainEqual({ name: 'people' })
  })

  it('returns bytes in a binary format', async () => {
    const { stream } = await client.exec({ query: "SELECT 'a\n\n\0b' AS s FORMAT RowBinary" })

    expect(await text(stream)).toBe('\u0005a\n\n\0b')
  })

  it.each([
    ['SELECT * FROM absent', '60', 'UNKNOWN_TABLE', 404],
    ['SELECT absent', '47', 'UNKNOWN_IDENTIFIER', 404],
    ['SELEC 1', '62', 'SYNTAX_ERROR', 400],
    ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR', 400],
    ["SELECT toUInt8('x')", '6', 'CANNOT_PARSE_TEXT', 400],
    ['SELECT throwIf(1)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', 500],
  ])('tells the error of %s by number, name and status', async (query, code, type, status) => {
    await expect(client.command({ query })).rejects.toMatchObject({ code, type })

    const response = await request('/', { method: 'POST', body: query })
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([status, code])
  })

  it('tells an unknown setting and an unknown database', async () => {
    await expect(rowsOf('SELECT 1', { clickhouse_settings: { no_such_setting: 1 } })).rejects.toMatchObject({ code: '115' })
    expect((await request('/?database=absent', { method: 'POST', body: 'SELECT 1' })).status).toBe(404)
  })

  it('tells the error of a result that fails half-way, and cuts the connection so that nobody takes it for whole', async () => {
    const query = 'SELECT throwIf(number = 300000), number FROM numbers(400000)'
    const plain = createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF } })

    const told = plain.query({ query, format: 'JSONEachRow' }).then((result) => result.json())
    await expect(told).rejects.toMatchObject({ code: '395' })
    const response = await request('/?default_format=CSV', { method: 'POST', body: query })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
    await expect(rowsOf(query)).rejects.toBeInstanceOf(Error) // packed: the client may miss the reason, never the failure
    await plain.close()
  })

  it('packs a result with gzip only if asked for', async () => {
    const packed = await request('/?enable_http_compression=1', {
      method: 'POST',
      body: 'SELECT 1',
      headers: { 'accept-encoding': 'gzip' },
    })
    const plain = await request('/', { method: 'POST', body: 'SELECT 1', headers: { 'accept-encoding': 'gzip' } })

    expect([packed.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null])
    expect([await packed.text(), await plain.text()]).toEqual(['1\n', '1\n'])
  })

  it('lives on after a body that is not what its header says', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const answers = [
      await request('/?query=SELECT+1', { method: 'POST', body: 'not packed', headers }),
      await request('/', { method: 'POST', body: 'not packed', headers }),
      await request('/?query=INSERT+INTO+people+FORMAT+JSONEachRow', { method: 'POST', body: 'not packed', headers }),
    ]

    expect(answers.map((answer) => answer.status)).toEqual([200, 500, 500])
    expect((await client.ping({ select: true })).success).toBe(true)
    expect(server.restarts).toBe(0)
  })

  it('takes a packed body', async () => {
    const body = gzipSync('SELECT 1')

    const response = await request('/', { method: 'POST', body, headers: { 'content-encoding': 'gzip' } })

    expect(await response.text()).toBe('1\n')
  })

  it('refuses a statement that is too long', async () => {
    const response = await request('/', { method: 'POST', body: `SELECT '${'x'.repeat(2 * 1024 * 1024)}'` })

    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([413, '191'])
  })

  it('takes data of any length behind an INSERT', async () => {
    await client.command({ query: 'CREATE TABLE long (n UInt32) ENGINE = Memory' })
    const rows = Array.from({ length: 300_000 }, (_, n) => `${n}\n`).join('')

    await request('/', { method: 'POST', body: `INSERT INTO long FORMAT CSV\n${rows}` })

    expect(await rowsOf('SELECT count() AS rows, uniqExact(n) AS distinct FROM long')).toEqual([{ rows: 300_000, distinct: 300_000 }])
  })

  it('lets a GET change nothing', async () => {
    const response = await request(`/?query=${encodeURIComponent('CREATE TABLE by_get (n UInt8) ENGINE = Memory')}`)

    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('READONLY')])
  })

  it.each([
    ['session_id=a', 'sessions'],
    ['compress=1', 'compressed blocks'],
  ])('says that it does not offer %s', async (parameter, what) => {
    const response = await request(`/?${parameter}`, { method: 'POST', body: 'SELECT 1' })

    expect([response.status, await response.text()]).toEqual([501, expect.stringContaining(what)])
  })

  it('refuses a request without a password and one with a wrong password', async () => {
    const { origin } = new URL(server.url)
    const stranger = createClient({ url: origin, username: 'default', password: 'wrong', log: { level: ClickHouseLogLevel.OFF } })

    const none = await fetch(origin, { method: 'POST', body: 'SELECT 1' })
    await expect(stranger.command({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' })
    const wrong = await fetch(origin, {
      method: 'POST',
      body: 'SELECT 1',
      headers: { 'x-clickhouse-user': 'default', 'x-clickhouse-key': 'wrong' },
    })
    await stranger.close()

    expect([none.status, none.headers.get('www-authenticate'), wrong.status]).toEqual([401, expect.stringContaining('Basic'), 403])
  })
})
