/** The life of an API key: made, used, replaced, expired, revoked; and where it never shows. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Keys } from '../../src/keys/keys.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const turret = fileURLToPath(new URL('../../bin/turret.js', import.meta.url))
const event = { name: 'chat', metadata: { prompt: 'where is my parcel' } }

interface Made {
  readonly key: string
  readonly key_id: string
}

describe('an API key', () => {
  let collector: TestCollector
  let admin: Made

  beforeAll(async () => {
    collector = await startTestCollector()
    admin = (await collector.post('/api/v1/keys', { project: 'default', name: 'operator' })).body as unknown as Made
  })
  afterAll(() => collector.dispose())

  const make = async (request: object): Promise<Made> => {
    const answer = await collector.post('/api/v1/keys', { project: 'default', ...request }, { 'x-api-key': admin.key })
    expect(answer.status).toBe(200)
    return answer.body as unknown as Made
  }
  const track = async (key: string): Promise<number> => (await collector.post('/track', event, { 'x-api-key': key })).status
  const read = async (key: string): Promise<number> => (await collector.get('/api/v1/project', { 'x-api-key': key })).status

  it('is kept as its hash alone', async () => {
    const { key, key_id } = await make({ name: 'hashed' })

    const rows = JSON.stringify(await collector.db.query('SELECT * FROM api_keys'))

    expect(rows).toContain(key_id)
    expect(rows).not.toContain(key.slice(key_id.length + 1))
  })

  it('does what its scopes say, and nothing else', async () => {
    const [ingest, reader] = [await make({ scopes: ['ingest'] }), await make({ scopes: ['read'] })]
    const erase = await fetch(`${collector.url}/api/v1/users/u`, { method: 'DELETE', headers: { 'x-api-key': reader.key } })

    expect([await track(ingest.key), await read(ingest.key)]).toEqual([200, 403])
    expect([await track(reader.key), await read(reader.key), erase.status]).toEqual([403, 200, 403])
  })

  it('may stand in any of the usual headers', async () => {
    const basic = Buffer.from(`anybody:${admin.key}`).toString('base64')
    for (const headers of [{ 'x-api-key': admin.key }, { authorization: `Bearer ${admin.key}` }, { authorization: `Basic ${basic}` }])
      expect((await collector.get('/api/v1/project', headers as Record<string, string>)).status).toBe(200)
  })

  it('is replaced without a gap: both work until the first is revoked, which every other collector notices within seconds', async () => {
    const other = new Keys({ db: collector.db, keys: [], isLoopback: true, onRefreshError: () => undefined })
    const first = await make({ name: 'first' })
    const second = await make({ name: 'second' })
    await other.start()
    expect([await track(first.key), await track(second.key)]).toEqual([200, 200])
    expect(other.authenticate({ 'x-api-key': first.key }, 'ingest').keyId).toBe(first.key_id)

    const url = `${collector.url}/api/v1/keys/${first.key_id}`
    await fetch(url, { method: 'DELETE', headers: { 'x-api-key': admin.key } })

    expect([await track(first.key), await track(second.key)]).toEqual([401, 200])
    await eventually(async () =>
      expect(() => other.authenticate({ 'x-api-key': first.key }, 'ingest')).toThrow('unknown, revoked or expired'),
    )
    expect(other.authenticate({ 'x-api-key': second.key }, 'ingest').keyId).toBe(second.key_id)
    other.stop()
  })

  it('ends when it expires, without anybody doing anything', async () => {
    const { key } = await make({ expires_at: new Date(Date.now() + 8_000).toISOString() })

    expect(await track(key)).toBe(200)
    await eventually(async () => expect(await track(key)).toBe(401))
  })

  it('shows in no answer to others, log line or metric, right or wrong', async () => {
    const guess = 'tk_0123456789ab_a-guess-that-is-wrong'
    const answers = await Promise.all([
      collector.post('/track', event, { 'x-api-key': guess }),
      collector.get('/api/v1/topics', { authorization: `Bearer ${guess}` }),
      collector.get('/api/v1/keys', { 'x-api-key': admin.key }),
    ])
    const metrics = await (await fetch(`${collector.url}/metrics`)).text()
    const everything = [JSON.stringify(answers.map(({ body }) => body)), metrics, ...collector.log].join('\n')

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200])
    for (const secret of [guess, admin.key]) expect(everything).not.toContain(secret.slice(16))
  })

  it('is listed with what it used of its quota', async () => {
    const { key, key_id } = await make({ name: 'small', monthly_quota: 2 })
    await collector.post('/track', [event, event], { 'x-api-key': key })
    expect((await collector.post('/track', event, { 'x-api-key': key })).status).toBe(429)

    const { stdout } = await promisify(execFile)(process.execPath, [turret, 'keys', 'list', '--url', collector.url, '--api-key', admin.key])

    const line = stdout.split('\n').find((text) => text.includes(key_id))
    expect(line?.trim().split(/\s{2,}/)).toEqual([key_id, 'small', 'ingest', '2', '2', 'none', 'valid'])
  })
})

describe('a collector without keys', () => {
  it('does not start on an address that others can reach', async () => {
    await expect(startTestCollector({ env: { TURRET_LISTEN: '0.0.0.0:0' } })).rejects.toThrow('0.0.0.0')
    await expect(startTestCollector({ env: { TURRET_LISTEN_GRPC: '0.0.0.0:0' } })).rejects.toThrow('0.0.0.0')
  })
})
