import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedServer } from '@turret/clickhouse'
import { describe, expect, it } from 'vitest'
import { freePort } from '../collector-process.ts'
import { startTestCollector } from '../running-collector.ts'

describe('a ClickHouse server that starts later than the collector', () => {
  it('is waited for', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'turret-late-'))
    const port = await freePort()
    const password = 'late'
    const starting = startTestCollector({ env: { TURRET_CLICKHOUSE_URL: `http://default:${password}@127.0.0.1:${port}/turret` } })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const server = await startEmbeddedServer({ dataDir: directory, port, password })

    const collector = await starting

    try {
      expect(collector.log.join('\n')).toContain('ClickHouse does not answer yet, trying again')
      expect((await collector.get('/health')).status).toBe(200)
    } finally {
      await collector.dispose()
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    }
  })
})
