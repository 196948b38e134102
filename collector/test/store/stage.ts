/** Receive, spool and store without HTTP and topics, on an embedded ClickHouse: what the store stage makes of requests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouse, migrate, openClickHouse } from '@turret/clickhouse'
import { hashText } from '../../src/embed/text-hash.ts'
import { type ExtractOptions, defaultExtractOptions } from '../../src/extract/extract-turns.ts'
import { createNanoClock } from '../../src/receive/clock.ts'
import { type Ingest, createIngest } from '../../src/receive/ingest.ts'
import { Spool } from '../../src/spool/spool.ts'
import { Settler } from '../../src/store/settler.ts'
import { Store } from '../../src/store/store.ts'
import { Metrics } from '../../src/telemetry.ts'

export interface StoredEventRow {
  readonly SessionId: string
  readonly SessionSource: string
  readonly UserId: string
  readonly Name: string
  readonly Text: string
  readonly TextLength: number
  readonly Answer: string
  readonly Model: string
  readonly InputTokens: number
  readonly IsError: number
  readonly Fields: Record<string, string>
}

export interface Stage {
  readonly ingest: Ingest
  readonly metrics: Metrics
  readonly store: Pick<Store, 'isBusy'>
  /** Everything acknowledged is stored; nothing is settled yet. */
  stored(): Promise<void>
  /** Everything stored is settled, then the stage ends. */
  end(): Promise<void>
  /** The stage ends as a crash would end it: what is stored stays unsettled. */
  crash(): Promise<void>
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }

export interface TestDatabase {
  readonly db: ClickHouse
  readonly directory: string
  close(): Promise<void>
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'turret-stage-'))
  const db = await openClickHouse({ url: `chdb:${directory}` })
  await migrate(db)
  return {
    db,
    directory,
    async close() {
      await db.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export async function startStage({ db, directory }: TestDatabase, extract: ExtractOptions = defaultExtractOptions): Promise<Stage> {
  const metrics = new Metrics()
  const now = createNanoClock()
  const settler = new Settler({ db, now, logger: silent, metrics, delayMs: 3_600_000 })
  const store = new Store({
    db,
    settler,
    assigner: {
      assign: async (events) =>
        events.map(({ text }) => ({ textHash: hashText(text), anchorId: 7n, topicId: 9n, similarity: 0.5, outlierScore: 1 })),
    },
    deadLetterDirectory: join(directory, 'dead-letter'),
    storeSpans: true,
    storeContent: extract.storeContent,
    sentiment: () => 0.25,
    removeSegment: (segment) => spool.remove(segment),
    logger: silent,
    metrics,
  })
  const spool = new Spool({
    directory: join(directory, 'spool'),
    maxBytes: 1e9,
    segmentBytes: 1e7,
    segmentAgeMs: 60_000,
    onSegment: (segment) => store.accept(segment),
    onFailure: (error) => {
      throw error
    },
  })
  await spool.start()
  const ingest = createIngest({
    spool,
    textFields: () => ({ textKeys: ['prompt'], kindOf: () => undefined }),
    now,
    admit: () => undefined,
    extract,
  })
  const stored = async (): Promise<void> => {
    spool.roll()
    while (spool.segments > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    ingest,
    metrics,
    store,
    stored,
    async end() {
      await spool.stop()
      await store.stop(AbortSignal.timeout(10_000))
      await settler.stop(AbortSignal.timeout(10_000))
    },
    async crash() {
      await stored()
      await spool.stop()
      await store.stop(AbortSignal.abort())
      await settler.stop(AbortSignal.abort())
    },
  }
}

/** The events of one trace or session as readers see them. */
export function readEvents(db: ClickHouse, project: string): Promise<StoredEventRow[]> {
  const sql = `SELECT SessionId, SessionSource, UserId, Name, Text, TextLength, Answer, Model, InputTokens, IsError, Fields
    FROM events FINAL WHERE Project = {project: String} ORDER BY Timestamp, EventId`
  return db.query(sql, { params: { project } })
}
