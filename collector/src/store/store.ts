/** The store stage: one sealed spool segment becomes one INSERT per table, then the segment is forgotten. */
import { truncate } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type ClickHouse, toClickHouseError } from '@turret/clickhouse'
import { type EntrySlice, readEntries } from '../spool/entry.ts'
import type { Segment } from '../spool/spool.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import { writeDeadLetter } from './dead-letter.ts'
import { type Assignment, type StoredEvent, completeEvents, completeParts, eventsOf } from './event-body.ts'
import { inSlices } from './in-slices.ts'
import { type Target, insertMessages, targets } from './insert-messages.ts'
import { SegmentReader } from './segment-reader.ts'
import type { Settler } from './settler.ts'
import { PartSorter } from './sort-parts.ts'

/** Gives texts their topics at arrival; the topics stage implements it. */
export interface Assigner {
  /** One assignment per event, in order. Never rejects: what it cannot assign in time it leaves for later (all zero). */
  assign(events: readonly StoredEvent[], signal: AbortSignal): Promise<readonly Assignment[]>
}

export interface StoreOptions {
  readonly db: ClickHouse
  readonly assigner: Assigner
  readonly deadLetterDirectory: string
  /** false: no otel_traces and otel_logs, only events. */
  readonly storeSpans: boolean
  /** false: users' texts go no further than to their topics. */
  readonly storeContent: boolean
  readonly settler: Settler
  /** Cosine-free mood of a text, −1…1. */
  readonly sentiment: (text: string) => number
  readonly removeSegment: (segment: Segment) => Promise<void>
  readonly logger: Logger
  readonly metrics: Metrics
}

const sliceEvents = 500 // a few milliseconds of work
const maxBackoffMs = 10_000

/** Stores segments one after the other, for ever: an absent database only makes it wait. */
export class Store {
  private readonly options: StoreOptions
  private readonly queue: Segment[] = []
  private readonly aborter = new AbortController()
  private readonly reader = new SegmentReader()
  private sorter: PartSorter | undefined
  private working: Promise<void> | undefined
  private stopping = false
  private idle: (() => void)[] = []

  constructor(options: StoreOptions) {
    this.options = options
  }

  /** Segments that wait for their INSERT. */
  get backlog(): number {
    return this.queue.length
  }

  /** Takes over a sealed segment. */
  accept(segment: Segment): void {
    this.queue.push(segment)
    this.working ??= this.work().finally(() => {
      this.working = undefined
      for (const resolve of this.idle.splice(0)) resolve()
    })
  }

  /** Resolves when every segment accepted so far is stored. */
  async drained(): Promise<void> {
    while (this.working !== undefined) await new Promise<void>((resolve) => this.idle.push(resolve))
  }

  /** Finishes what is queued; gives up when `signal` aborts: what is left is replayed at the next start. */
  async stop(signal: AbortSignal): Promise<void> {
    this.stopping = true
    const giveUp = (): void => this.aborter.abort()
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    await this.drained()
    signal.removeEventListener('abort', giveUp)
    this.aborter.abort()
  }

  private async work(): Promise<void> {
    while (this.queue.length > 0 && !this.aborter.signal.aborted) {
      const segment = this.queue[0]!
      if (await this.storeUntilDone(segment)) this.queue.shift()
      else return
    }
  }

  /** @returns false when stopped before it was done; the segment stays on disk then */
  private async storeUntilDone(segment: Segment): Promise<boolean> {
    for (let attempt = 0; !this.aborter.signal.aborted; attempt++) {
      try {
        await this.storeSegment(segment)
        await this.options.removeSegment(segment)
        if (attempt > 0) this.options.logger.info('storing again', { attempts: attempt + 1 })
        return true
      } catch (error) {
        if (this.aborter.signal.aborted) return false
        this.options.metrics.storeRetries.inc()
        if (attempt === 0) this.options.logger.warn('storing failed, trying again', { error: toClickHouseError(error).message })
        if (this.stopping && attempt > 3) return false
        await delay(Math.min(maxBackoffMs, 200 * 2 ** attempt), undefined, { signal: this.aborter.signal }).catch(() => undefined)
      }
    }
    return false
  }

  private async storeSegment(segment: Segment): Promise<void> {
    const bytes = await this.reader.read(segment.path)
    const { entries, end } = readEntries(bytes, { verify: segment.replayed })
    if (end < bytes.length) await this.cutTail(segment, bytes, end)
    const broken = entries.filter((entry) => !entry.intact)
    for (const entry of broken)
      await this.bury(segment.id, bytes.subarray(entry.start, entry.end), 'checksum', 'the bytes on disk are not those that were written')
    const whole = broken.length === 0
    const intact = whole ? entries : entries.filter((entry) => entry.intact)
    await this.storeEvents(segment, bytes, intact)
    if (!this.options.storeSpans) return
    for (const [target, has] of [
      [targets.spans, 'hasTraces'],
      [targets.logs, 'hasLogs'],
    ] as const) {
      const holding = intact.filter((entry) => entry[has])
      if (holding.length === 0) continue
      const file = whole && holding.length === entries.length ? segment.path : undefined
      await this.insert(target, segment.id, bytes, holding, file)
    }
  }

  /** A torn tail was never acknowledged, unless the disk lost it: it is kept when it is more than an unfinished write. */
  private async cutTail(segment: Segment, bytes: Buffer, end: number): Promise<void> {
    this.options.logger.warn('segment has a torn tail', { segment: segment.id, bytes: bytes.length - end })
    this.options.metrics.tornTails.inc()
    await writeDeadLetter(this.options.deadLetterDirectory, `${segment.id}-tail`, bytes.subarray(end), 'torn tail of a segment')
    await truncate(segment.path, end)
  }

  private async storeEvents(segment: Segment, bytes: Buffer, entries: readonly EntrySlice[]): Promise<void> {
    const { assigner, sentiment, storeContent: keepText, settler, metrics } = this.options
    const stored = await inSlices(entries, 1, (slice) => eventsOf(bytes, slice))
    if (stored.length === 0) return
    const sorter = await this.recalled()
    const sorted = await inSlices(stored, sliceEvents, (slice) => [sorter.sort(slice, segment.id)])
    const events = sorted.flatMap((slice) => slice.events)
    const parts = sorted.flatMap((slice) => slice.parts)
    const assignments = events.length === 0 ? [] : await assigner.assign(events, this.aborter.signal)
    const rows = await inSlices(events, sliceEvents, (slice, start) =>
      completeEvents(slice, ({ text }, i) => ({ assignment: assignments[start + i]!, sentiment: sentiment(text), keepText })),
    )
    if (rows.length > 0) await this.insertHalving(targets.events, segment.id, rows)
    if (parts.length > 0) await this.insertHalving(targets.parts, segment.id, completeParts(parts))
    settler.add(sorted.flatMap(({ unsettled }) => unsettled))
    metrics.storedEvents.inc(rows.length)
  }

  /** The first segment waits until what an earlier run stored last is known. */
  private async recalled(): Promise<PartSorter> {
    if (this.sorter !== undefined) return this.sorter
    const sorter = new PartSorter()
    this.options.settler.add(await sorter.recall(this.options.db, this.aborter.signal))
    this.sorter = sorter
    return sorter
  }

  private async insert(target: Target, token: string, bytes: Buffer, entries: readonly EntrySlice[], file?: string): Promise<void> {
    if (file !== undefined) {
      try {
        await this.insertBody(target, token, { file })
        return
      } catch (error) {
        if (!isRefusal(error)) throw error
      }
    }
    const parts = entries.map((entry) => bytes.subarray(entry.start, entry.end))
    await this.insertHalving(target, token, parts)
  }

  /** Inserts messages; a body that ClickHouse refuses for ever is halved until the bad message is found and buried. */
  private async insertHalving(target: Target, token: string, messages: readonly Buffer[]): Promise<void> {
    try {
      await this.insertBody(target, token, Buffer.concat(messages))
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (messages.length === 1) {
        await this.bury(`${token}-${target.table}`, messages[0]!, target.table, toClickHouseError(error).message)
        return
      }
      const half = messages.length >> 1
      await this.insertHalving(target, `${token}.a`, messages.slice(0, half))
      await this.insertHalving(target, `${token}.b`, messages.slice(half))
    }
  }

  private insertBody(target: Target, token: string, body: Buffer | { file: string }): Promise<void> {
    return insertMessages(this.options.db, target, body, { token, signal: this.aborter.signal })
  }

  private async bury(name: string, bytes: Buffer, cause: string, reason: string): Promise<void> {
    this.options.metrics.deadLetters.inc({ cause })
    this.options.logger.error('entry cannot be stored, kept as dead letter', { name, cause })
    await writeDeadLetter(this.options.deadLetterDirectory, name, bytes, firstLine(reason))
  }
}

/** ClickHouse's messages may quote the row behind the first line. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.slice(0, 500)
}

// Answers of ClickHouse that an operator sets right, for which the data is not to blame.
const operatorCodes: ReadonlySet<number> = new Set([
  60, // UNKNOWN_TABLE
  81, // UNKNOWN_DATABASE
  192, // UNKNOWN_USER
  193, // WRONG_PASSWORD
  194, // REQUIRED_PASSWORD
  497, // ACCESS_DENIED
  516, // AUTHENTICATION_FAILED
])

/** Only ClickHouse itself can say that data is bad: an abort, a broken connection or a bug of ours is no reason to give it up. */
function isRefusal(error: unknown): boolean {
  const { code, retryable } = toClickHouseError(error)
  return code !== undefined && !retryable && !operatorCodes.has(code)
}
