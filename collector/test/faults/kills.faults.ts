import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../../src/demo/random.ts'
import { type CollectorProcess, childrenOf, freePort, startCollectorProcess, stopCollectorProcess } from '../collector-process.ts'
import { eventually, storedAt } from '../running-collector.ts'
import { health, nothingWrong, pause, report, say, startLoad, verify } from './load.ts'

const kills = 50
const frontShare = 0.4

describe('kill -9 under load', () => {
  let dataDir: string
  let port: number
  let collector: CollectorProcess

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'turret-kills-'))
    port = await freePort()
    collector = await startCollectorProcess({ dataDir, port })
  })
  afterAll(async () => {
    await stopCollectorProcess(collector)
    await rm(dataDir, { recursive: true, force: true })
  })

  it(`keeps what it acknowledged over ${kills} kills of front and engine, exactly once, and comes back alone`, async () => {
    const random = new Random(20_261_124)
    const load = startLoad({ url: () => collector.url, name: 'kills', pauseMs: 10 })
    const killed = { front: 0, engine: 0 }
    for (let kill = 0; kill < kills; kill++) {
      await pause(50 + random.next() * 900)
      if (random.next() < frontShare) {
        killed.front += 1
        await stopCollectorProcess(collector, 'SIGKILL')
        expect(await health(collector.url)).toBeUndefined()
        collector = await startCollectorProcess({ dataDir, port })
      } else {
        killed.engine += 1
        const [engine] = childrenOf(collector.process.pid!)
        if (engine !== undefined) process.kill(engine, 'SIGKILL')
        expect((await health(collector.url))?.ok).toBe(true)
      }
    }
    await eventually(async () => expect((await health(collector.url))?.database).toBe('up'), 90_000)
    await load.stop()
    await storedAt(collector.url, 120_000)
    await stopCollectorProcess(collector)

    const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)

    say(`killed the front ${killed.front} times and the engine ${killed.engine} times`)
    report('kills', load, verdict)
    expect(verdict).toMatchObject(nothingWrong)
    expect(load.acknowledged.size).toBeGreaterThan(1_000)
    expect(await readdir(join(dataDir, 'spool'))).toEqual([])
  })
})
