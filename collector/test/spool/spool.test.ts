import { mkdtemp, readFile, readdir, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readEntries } from '../../src/spool/entry.ts'
import { type Segment, Spool, type SpoolOptions } from '../../src/spool/spool.ts'

const spools: Spool[] = []
afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.stop()
})

describe('Spool', () => {
  it('has an entry on disk, whole and checked, when append resolves', async () => {
    const { spool, directory } = await startSpool()

    await spool.append({
      project: 'p',
      receivedAt: 7n,
      traces: Buffer.from([10, 0]),
      events: Buffer.from('\u0032\u0003one\u0032\u0003two'),
    })

    const [name] = await readdir(directory)
    const bytes = await readFile(join(directory, name!))
    const { entries, end } = readEntries(bytes, { verify: true })
    expect(end).toBe(bytes.length)
    expect(entries).toMatchObject([{ project: 'p', receivedAt: 7n, hasTraces: true, hasLogs: false, intact: true }])
    expect(bytes.subarray(entries[0]!.events[2], entries[0]!.events[3]).toString()).toBe('two')
  })

  it('writes entries that wait together as one group and loses none', async () => {
    const { spool, sealed } = await startSpool({ segmentBytes: 2_000 })

    await Promise.all(Array.from({ length: 500 }, (_, i) => spool.append(entry(String(i)))))
    await spool.stop()

    const found = (await Promise.all(sealed.map(async ({ path }) => readEntries(await readFile(path), { verify: true }).entries))).flat()
    expect(found.map(({ project }) => project)).toEqual(Array.from({ length: 500 }, (_, i) => String(i)))
    expect(sealed.length).toBeGreaterThan(5)
  })

  it('lets other projects in when a noisy one has filled its share', async () => {
    const { spool, sealed } = await startSpool({ maxBytes: 10_000 })
    const fill = async (project: string): Promise<number> => {
      for (let count = 0; ; count++) {
        try {
          await spool.append(entry(project, 80))
        } catch {
          return count
        }
      }
    }

    const noisy = await fill('noisy')
    const quiet = await fill('quiet')
    spool.roll()
    await waitFor(() => sealed.length === 1)
    await spool.remove(sealed[0]!)

    expect(noisy).toBeGreaterThan(70)
    expect(quiet).toBeGreaterThan(5)
    expect(await fill('noisy')).toBe(noisy)
  })

  it('refuses with SPOOL_FULL over its limit and takes again when a segment is gone', async () => {
    const { spool, sealed } = await startSpool({ maxBytes: 5_000 })
    await spool.append(entry('a', 4_000))

    const refused = spool.append(entry('b', 4_000))

    await expect(refused).rejects.toMatchObject({ code: 'SPOOL_FULL', status: 503, retryAfterSeconds: 5 })
    spool.roll()
    await waitFor(() => sealed.length === 1)
    await spool.remove(sealed[0]!)
    await spool.append(entry('b', 4_000))
    expect(spool.sizeBytes).toBeLessThan(5_000)
  })

  it('seals a segment by age', async () => {
    const { spool, sealed } = await startSpool({ segmentAgeMs: 20 })

    await spool.append(entry('a'))

    await waitFor(() => sealed.length === 1)
    expect(sealed[0]).toMatchObject({ replayed: false })
  })

  it('hands leftover segments over at start, oldest first', async () => {
    const { spool, directory } = await startSpool()
    await spool.append(entry('a'))
    await spool.stop()

    const again = await startSpool({ directory })

    expect(again.sealed).toMatchObject([{ replayed: true }])
    expect(again.spool.sizeBytes).toBe(again.sealed[0]!.sizeBytes)
  })
})

describe('readEntries', () => {
  it('stops at a torn tail, wherever it was torn', async () => {
    const { spool, directory } = await startSpool()
    for (const project of ['a', 'b', 'c']) await spool.append(entry(project, 100))
    await spool.stop()
    const path = join(directory, (await readdir(directory))[0]!)
    const whole = await readFile(path)
    const ends = readEntries(whole, { verify: true }).entries.map(({ end }) => end)

    for (let size = 0; size < whole.length; size++) {
      const { entries, end } = readEntries(whole.subarray(0, size), { verify: true })
      expect(entries).toHaveLength(ends.filter((entryEnd) => entryEnd <= size).length)
      expect(end).toBe(ends.findLast((entryEnd) => entryEnd <= size) ?? 0)
    }
    await truncate(path, 0)
  })

  it('finds a flipped bit in an entry and keeps its neighbours', async () => {
    const { spool, directory } = await startSpool()
    for (const project of ['a', 'b', 'c']) await spool.append(entry(project, 100))
    await spool.stop()
    const path = join(directory, (await readdir(directory))[0]!)
    const bytes = await readFile(path)
    const middle = readEntries(bytes, { verify: true }).entries[1]!
    bytes[middle.end - 20]! ^= 4
    await writeFile(path, bytes)

    const { entries } = readEntries(bytes, { verify: true })

    expect(entries.map(({ intact }) => intact)).toEqual([true, false, true])
  })
})

async function startSpool(overrides: Partial<SpoolOptions> = {}): Promise<{ spool: Spool; directory: string; sealed: Segment[] }> {
  const directory = overrides.directory ?? (await mkdtemp(join(tmpdir(), 'turret-spool-')))
  const sealed: Segment[] = []
  const options = {
    maxBytes: 1e9,
    segmentBytes: 1e6,
    segmentAgeMs: 60_000,
    onSegment: (s: Segment) => void sealed.push(s),
    onFailure: () => undefined,
  }
  const spool = new Spool({ ...options, ...overrides, directory })
  spools.push(spool)
  await spool.start()
  return { spool, directory, sealed }
}

function entry(project: string, sizeBytes = 10): { project: string; receivedAt: bigint; traces: Buffer; events: Buffer } {
  return { project, receivedAt: 1n, traces: Buffer.alloc(sizeBytes, 1), events: Buffer.alloc(0) }
}

async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited 5 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
