/** Segments that an earlier run left behind, of any size and in any state. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIngest } from '../../src/receive/ingest.ts'
import { type Entry, encodeEntry } from '../../src/spool/entry.ts'
import { nextSpanId, tracesRequest } from '../otlp.ts'
import { type TestDatabase, openTestDatabase, readEvents, startStage } from './stage.ts'

const spansPerRequest = 2000 // more than a megabyte a segment: it is read in several pieces

describe('a segment that is replayed', () => {
  let database: TestDatabase
  let deadLetters: string
  beforeAll(async () => {
    database = await openTestDatabase()
    deadLetters = join(database.directory, 'dead-letter')
    await mkdir(join(database.directory, 'spool'), { recursive: true })
  })
  afterAll(() => database.close())

  /** What one request of so many events leaves in the spool. */
  async function entryOf(project: string, from: number): Promise<Entry> {
    const spans = Array.from({ length: spansPerRequest }, (_, i) => ({
      spanId: nextSpanId(),
      attributes: { 'turret.event.name': 'chat', 'session.id': 's', 'turret.metadata.prompt': `question ${from + i}` },
    }))
    const entries: Entry[] = []
    const ingest = createIngest({
      spool: { append: async (entry) => void entries.push(entry) },
      textFields: () => ({ textKeys: ['prompt'], kindOf: () => undefined }),
      now: () => 1_790_000_000_000_000_000n,
      admit: () => undefined,
    })
    await ingest.traces(project, tracesRequest(spans))
    return entries[0]!
  }

  async function replay(project: string, bytes: Buffer): Promise<{ texts: string[]; spans: number }> {
    await writeFile(join(database.directory, 'spool', `${Date.now().toString().padStart(15, '0')}-${project}.segment`), bytes)
    const stage = await startStage(database)
    await stage.stored()
    await stage.end()
    const texts = (await readEvents(database.db, project)).map(({ Text }) => Text)
    const [row] = await database.db.query<{ spans: number }>('SELECT count() AS spans FROM otel_traces WHERE Project = {project: String}', {
      params: { project },
    })
    expect(await readdir(join(database.directory, 'spool'))).toEqual([])
    return { texts, spans: row!.spans }
  }

  const questions = (...numbers: readonly number[]): string[] =>
    numbers.flatMap((n) => Array.from({ length: spansPerRequest }, (_, i) => `question ${n * spansPerRequest + i}`)).sort()

  it('is stored whole, once', async () => {
    const entries = await Promise.all([0, 1, 2, 3].map((n) => entryOf('whole', n * spansPerRequest)))
    const bytes = Buffer.concat(entries.flatMap(encodeEntry))

    await replay('whole', bytes)
    const { texts, spans } = await replay('whole', bytes)

    expect(texts.sort()).toEqual(questions(0, 1, 2, 3))
    expect(spans).toBe(2 * 4 * spansPerRequest) // the same spans in two segments are two sendings, the same events are one
  })

  it('loses one entry that was damaged, one that ClickHouse cannot read, and a torn tail: all three are kept as dead letters', async () => {
    await rm(deadLetters, { recursive: true, force: true })
    const good = await Promise.all([0, 1].map((n) => entryOf('damaged', n * spansPerRequest)))
    const unreadable: Entry = { project: 'damaged', receivedAt: 1n, traces: Buffer.from([0x0a, 0x7f, 1]), events: Buffer.alloc(0) }
    const flipped = Buffer.concat(encodeEntry(await entryOf('damaged', 2 * spansPerRequest)))
    flipped[flipped.length - 5]! ^= 1
    const torn = Buffer.concat(encodeEntry(await entryOf('damaged', 3 * spansPerRequest))).subarray(0, -1)

    const { texts, spans } = await replay(
      'damaged',
      Buffer.concat([...encodeEntry(good[0]!), flipped, ...encodeEntry(unreadable), ...encodeEntry(good[1]!), torn]),
    )

    expect(texts.sort()).toEqual(questions(0, 1))
    expect(spans).toBe(2 * spansPerRequest)
    expect((await readdir(deadLetters)).filter((name) => name.endsWith('.entry'))).toHaveLength(3)
  })
})
