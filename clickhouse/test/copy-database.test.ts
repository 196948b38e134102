import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClickHouse, openClickHouse } from '../src/client.ts'
import { copyDatabase } from '../src/copy-database.ts'
import { type EmbeddedServer, startEmbeddedServer } from '../src/embedded/server.ts'
import { migrate } from '../src/migrate.ts'

describe('copyDatabase', () => {
  let directory: string
  let server: EmbeddedServer
  let from: ClickHouse
  let to: ClickHouse

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'turret-copy-'))
    server = await startEmbeddedServer({ dataDir: join(directory, 'server'), password: 'a password: with/signs' })
    from = await openClickHouse({ url: `chdb:${join(directory, 'embedded')}` })
    to = await openClickHouse({ url: server.url, database: 'elsewhere' })
    await migrate(from)
    await migrate(to)
  })
  afterAll(async () => {
    await from.close()
    await to.close()
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })

  it('brings every row over, and what views derive from them', async () => {
    const events = Array.from({ length: 5000 }, (_, i) => ({
      Project: 'p',
      EventId: `e${i}`,
      SessionId: `s${i % 70}`,
      Text: `line one\n\nline two of ${i}`,
      Fields: { plan: 'pro' },
      Timestamp: 1_790_000_000 + i * 86_400,
      Version: i,
    }))
    await from.insertRows('events', events, { token: 'a', settings: { max_partitions_per_insert_block: 0 } })
    await from.insertRows('otel_traces', [{ TraceId: 'aa', SpanId: 'bb', Timestamp: 1_790_000_000, Project: 'p' }], { token: 'b' })

    const copied = await copyDatabase(from, to)

    expect(copied.find(({ table }) => table === 'events')).toEqual({ table: 'events', rows: 5000 })
    const hash = 'SELECT toString(sum(cityHash64(toString(tuple(*))))) AS Hash FROM events'
    expect(await to.query(hash)).toEqual(await from.query(hash))
    expect(await to.query('SELECT TraceId FROM otel_traces_trace_id_ts')).toEqual([{ TraceId: 'aa' }])
  })

  it('refuses a database that holds something', async () => {
    await expect(copyDatabase(from, to)).rejects.toThrow('elsewhere.events has 5000 rows already: copy into an empty database')
  })
})
