import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedServer } from '@turret/clickhouse'
import { describe, expect, it } from 'vitest'
import { childrenOf, freePort, startCollectorProcess, stopCollectorProcess } from '../collector-process.ts'
import { eventually, storedAt } from '../running-collector.ts'
import { health, nothingWrong, pause, report, say, startLoad, verify } from './load.ts'

describe('a ClickHouse server', () => {
  it('may be away for a while: requests are acknowledged, /health says so, and everything is stored when it is back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'turret-away-'))
    const serverOptions = { dataDir: join(directory, 'server'), password: 'secret', port: await freePort() }
    let server = await startEmbeddedServer(serverOptions)
    const url = `${server.url}/turret`
    const collector = await startCollectorProcess({
      dataDir: join(directory, 'front'),
      port: await freePort(),
      env: { TURRET_CLICKHOUSE_URL: url },
    })
    try {
      const load = startLoad({ url: () => collector.url, name: 'away', pauseMs: 10 })
      await pause(2_000)
      await server.stop()
      await eventually(async () => expect(await health(collector.url)).toMatchObject({ ok: true, database: 'away' }))
      const before = load.acknowledged.size
      await pause(4_000)
      const meanwhile = load.acknowledged.size - before
      server = await startEmbeddedServer(serverOptions)
      await eventually(async () => expect(await health(collector.url)).toMatchObject({ ok: true, database: 'up' }))
      await load.stop()
      await storedAt(collector.url, 120_000)

      const verdict = await verify(url, load.acknowledged)
      say(`acknowledged ${meanwhile} while the server was away`)
      report('server away', load, verdict)
      expect(verdict).toMatchObject(nothingWrong)
      expect(meanwhile).toBeGreaterThan(50)
      expect(load.answers.get(500)).toBeUndefined()
    } finally {
      await stopCollectorProcess(collector)
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    }
  })
})

describe('the engine', () => {
  it('may stand still or crash again and again: acknowledgements go on unhurt', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'turret-engine-'))
    const collector = await startCollectorProcess({ dataDir, port: await freePort() })
    const signal = (name: NodeJS.Signals): void => {
      for (const engine of childrenOf(collector.process.pid!)) process.kill(engine, name)
    }
    try {
      const load = startLoad({ url: () => collector.url, name: 'engine', pauseMs: 10 })
      await pause(1_000)
      const before = load.acknowledged.size
      signal('SIGSTOP')
      await eventually(async () => expect((await health(collector.url))?.database).toBe('away'), 20_000)
      await pause(2_000)
      const meanwhile = load.acknowledged.size - before
      signal('SIGCONT')
      for (let crash = 0; crash < 4; crash++) {
        await pause(700)
        signal('SIGSEGV')
      }
      await eventually(async () => expect(await health(collector.url)).toMatchObject({ ok: true, database: 'up' }), 90_000)
      await load.stop()
      await storedAt(collector.url, 120_000)
      await stopCollectorProcess(collector)

      const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)
      say(`acknowledged ${meanwhile} while the engine stood still; then it crashed 4 times`)
      report('slow and crashing engine', load, verdict)
      expect(verdict).toMatchObject(nothingWrong)
      expect(meanwhile).toBeGreaterThan(50)
      expect([...load.answers.keys()]).toEqual([200])
    } finally {
      await stopCollectorProcess(collector, 'SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
