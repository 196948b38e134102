import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouse, migrate, openClickHouse } from '@turret/clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Usage } from '../../src/limits/usage.ts'
import { type TestCollector, startTestCollector } from '../running-collector.ts'

const event = { name: 'chat', metadata: { prompt: 'where is my parcel' } }

describe('a monthly quota', () => {
  let collector: TestCollector
  let admin: Record<string, string>
  let small: Record<string, string>

  beforeAll(async () => {
    collector = await startTestCollector()
    admin = { 'x-api-key': (await collector.post('/api/v1/keys', { project: 'shop', name: 'admin' })).body['key'] as string }
    const created = await collector.post('/api/v1/keys', { project: 'shop', name: 'small', monthly_quota: 5 }, admin)
    small = { 'x-api-key': created.body['key'] as string }
  })
  afterAll(() => collector.dispose())

  it('answers 429 with the time until the next month once it is used up', async () => {
    expect((await collector.post('/track', [event, event, event], small)).status).toBe(200)
    expect((await collector.post('/track', [event, event], small)).status).toBe(200)

    const refused = await collector.post('/track', event, small)

    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ success: false, code: 'RATE_LIMIT_EXCEEDED' })
    expect(refused.body['error']).toMatch(/has used up its 5 events of this month/)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await collector.post('/track', event, admin)).status).toBe(200)
  })

  it('shows what was used, and remembers it over a restart', async () => {
    await collector.stop()
    collector = await startTestCollector({ dataDir: collector.dataDir })

    const { keys } = (await collector.get('/api/v1/keys', admin)).body as { keys: { name: string; used_this_month: number }[] }

    expect(keys.map(({ name, used_this_month }) => ({ name, used_this_month }))).toEqual([
      { name: 'admin', used_this_month: 1 },
      { name: 'small', used_this_month: 5 },
    ])
    expect((await collector.post('/track', event, small)).status).toBe(429)
  })
})

describe('a rate limit', () => {
  it('answers 429 with Retry-After to a key that sends too fast, and lets the others in', async () => {
    const rate = [
      'yaml:extensions::api_keys::rate_limit: {items_per_second: 1, burst: 2}',
      'yaml:service::extensions: [api_keys, query_api]',
    ]
    const keys = 'yaml:extensions::api_keys::keys: [{key: first, project: a}, {key: second, project: b}]'
    const collector = await startTestCollector({ config: [keys, ...rate] })
    try {
      expect((await collector.post('/track', [event, event, event], { 'x-api-key': 'first' })).status).toBe(200)

      const refused = await collector.post('/v1/traces', {}, { 'x-api-key': 'first' })

      expect(refused.status).toBe(429)
      expect(refused.headers.get('retry-after')).toBe('2')
      expect((await collector.post('/track', event, { 'x-api-key': 'second' })).status).toBe(200)
    } finally {
      await collector.dispose()
    }
  })
})

describe('usage', () => {
  let directory: string
  let db: ClickHouse

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'turret-usage-'))
    db = await openClickHouse({ url: `chdb:${directory}` })
    await migrate(db)
  })
  afterAll(async () => {
    await db.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('adds up what several collectors count', async () => {
    const [one, other] = [createUsage(), createUsage()]
    one.add({ project: 'p', keyId: 'k' }, 3)
    other.add({ project: 'p', keyId: 'k' }, 4)
    await one.stop()
    await other.stop()

    const third = createUsage()
    await third.start()
    await third.stop()

    expect(third.of('k')).toBe(7)
    expect(other.of('k')).toBe(7)
  })

  it('starts anew with each month', async () => {
    let now = new Date('2026-11-30T23:59:59Z')
    const usage = createUsage(() => now)
    usage.add({ project: 'p', keyId: 'monthly' }, 3)

    expect(usage.secondsToNextMonth()).toBe(1)
    now = new Date('2026-12-01T00:00:00Z')
    usage.add({ project: 'p', keyId: 'monthly' }, 1)
    await usage.stop()

    expect(usage.of('monthly')).toBe(1)
    expect(
      await db.query(
        "SELECT toString(Month) AS Month, sum(Events) AS Events FROM key_usage WHERE KeyId = 'monthly' GROUP BY Month ORDER BY Month",
      ),
    ).toEqual([
      { Month: '2026-11-01', Events: 3 },
      { Month: '2026-12-01', Events: 1 },
    ])
  })

  it('counts nothing twice when an insert fails and is made again', async () => {
    let fails = 1
    const flaky: Pick<ClickHouse, 'insertRows' | 'query'> = {
      query: (...parameters) => db.query(...parameters) as never,
      async insertRows(...parameters) {
        await db.insertRows(...parameters)
        if (fails-- > 0) throw new Error('the answer was lost')
      },
    }
    const errors: unknown[] = []
    const usage = new Usage({ db: flaky as ClickHouse, onError: (error) => errors.push(error) })
    usage.add({ project: 'p', keyId: 'flaky' }, 5)

    await usage.stop()
    expect(usage.of('flaky')).toBe(5)
    await usage.stop()

    expect(errors).toHaveLength(1)
    expect(usage.of('flaky')).toBe(5)
  })

  function createUsage(now: () => Date = () => new Date('2026-11-15T00:00:00Z')): Usage {
    return new Usage({
      db,
      now,
      onError: (error) => {
        throw error
      },
    })
  }
})
