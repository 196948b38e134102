import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEntries } from '../../src/spool/entry.ts'
import { type CollectorProcess, childrenOf, freePort, startCollectorProcess, stopCollectorProcess } from '../collector-process.ts'
import { eventually, storedAt } from '../running-collector.ts'
import { health, nothingWrong, pause, report, say, startLoad, verify } from './load.ts'

const MiB = 1024 * 1024

describe('a disk that is full', () => {
  let dataDir: string
  let collector: CollectorProcess | undefined
  let isMounted = false

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'turret-full-'))
    isMounted = mount(dataDir)
  })
  afterEach(async () => {
    if (collector !== undefined) await stopCollectorProcess(collector)
    if (isMounted) execFileSync('umount', [dataDir])
    await rm(dataDir, { recursive: true, force: true })
  })

  it('refuses with 503, says so on /health, keeps what it acknowledged, and goes on when there is room', async () => {
    if (!isMounted) return
    collector = await startCollectorProcess({ dataDir, port: await freePort() })
    const { url } = collector
    const ballast = join(dataDir, 'ballast')
    await writeFile(ballast, Buffer.alloc(100 * MiB))
    const load = startLoad({ url: () => url, name: 'full', padding: ` ${'x'.repeat(20_000)}` })

    await eventually(async () => {
      expect(load.answers.get(503) ?? 0).toBeGreaterThan(20)
      expect((await health(url))?.ok).toBe(false)
    }, 60_000)
    const refused = load.answers.get(503) ?? 0
    await rm(ballast)
    const before = load.acknowledged.size
    await eventually(async () => {
      expect((await health(url))?.ok).toBe(true)
      expect(load.acknowledged.size).toBeGreaterThan(before + 20)
    }, 30_000)
    await load.stop()
    await storedAt(url, 120_000)
    await stopCollectorProcess(collector)

    const verdict = await verify(`chdb:${dataDir}`, load.acknowledged)
    say(`refused ${refused} requests with 503 while the disk of 320 MiB was full`)
    report('disk full', load, verdict)
    expect(verdict).toMatchObject(nothingWrong)
  })
})

describe('segments that the disk has damaged', () => {
  it('cuts a torn tail, buries an entry whose bits flipped, and stores everything else once', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'turret-torn-'))
    const port = await freePort()
    try {
      let collector = await startCollectorProcess({ dataDir, port })
      // A stopped engine stores nothing: what was acknowledged stays in the spool.
      for (const engine of childrenOf(collector.process.pid!)) process.kill(engine, 'SIGSTOP')
      const load = startLoad({ url: () => collector.url, name: 'torn', pauseMs: 5 })
      await pause(4_000)
      await load.stop()
      for (const engine of childrenOf(collector.process.pid!)) process.kill(engine, 'SIGKILL')
      await stopCollectorProcess(collector, 'SIGKILL')

      const lost = await damage(join(dataDir, 'spool'))
      collector = await startCollectorProcess({ dataDir, port })
      await storedAt(collector.url, 120_000)
      const metrics = await (await fetch(`${collector.url}/metrics`)).text()
      await stopCollectorProcess(collector)

      const expected = new Set([...load.acknowledged].filter((text) => !lost.some((bytes) => bytes.includes(text))))
      const verdict = await verify(`chdb:${dataDir}`, expected)
      report('torn and flipped', load, verdict)
      say(`${lost.length} damaged entries, kept as dead letters: ${(await readdir(join(dataDir, 'dead-letter'))).length / 2}`)
      expect(verdict).toMatchObject(nothingWrong)
      expect(load.acknowledged.size - expected.size).toBeGreaterThan(0)
      expect(metrics).toMatch(/turret_spool_torn_tails 1/)
      expect(metrics).toMatch(/turret_store_dead_letters\{cause="checksum"\} 1/)
      expect(await readdir(join(dataDir, 'dead-letter'))).toHaveLength(4)
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})

/** Tears the tail of one segment and flips a bit in another. @returns the bytes of the entries that are no longer whole */
async function damage(directory: string): Promise<Buffer[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.segment')).sort()
  const segments = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name)
      const bytes = await readFile(path)
      return { path, bytes, entries: readEntries(bytes, { verify: true }).entries }
    }),
  )
  const [torn, flipped] = segments.filter(({ entries }) => entries.length > 3)
  const last = torn!.entries.at(-1)!
  await truncate(torn!.path, last.end - 10)
  const middle = flipped!.entries[1]!
  const bytes = Buffer.from(flipped!.bytes)
  bytes[middle.end - 20]! ^= 4
  await writeFile(flipped!.path, bytes)
  return [torn!.bytes.subarray(last.start, last.end), flipped!.bytes.subarray(middle.start, middle.end)]
}

/** A file system of 320 MiB of its own; only root may make one. */
function mount(directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m', 'tmpfs', directory], { stdio: 'ignore' })
    return true
  } catch {
    say('SKIPPED: a full disk needs root, to mount a small file system')
    return false
  }
}
