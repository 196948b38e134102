/** The store stage: one sealed spool segment becomes one INSERT per table, then the segment is forgotten. */
import { readFile, truncate } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type ClickHouse, toClickHouseError } from '@turret/clickhouse'
import { readEntries, splitMessages } from '../spool/entry.ts'
import type { Segment } from '../spool/spool.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import { writeDeadLetter } from './dead-letter.ts'
import { type Target, insertMessages, targets } from './insert-messages.ts'
import { SegmentEvents, type SegmentEventsOptions } from './segment-events.ts'
import { type SegmentPiece, SegmentReader } from './segment-reader.ts'
import type { Settler } from './settler.ts'
import { PartSorter } from './sort-parts.ts'

export interface StoreOptions extends SegmentEventsOptions {
  readonly db: ClickHouse
  readonly deadLetterDirectory: string
  /** false: no otel_traces and otel_logs, only events. */
  readonly storeSpans: boolean
  readonly settler: Settler
  readonly removeSegment: (segment: Segment) => Promise<void>
  readonly logger: Logger
  readonly metrics: Metrics
}

const maxBackoffMs = 10_000
// An INSERT costs the engine much the same for ten rows as for a thousand: it rests for three times as long as the last segment took, so that
// the next one is larger and those who read have the processor. Bounded, because what waits cannot be seen.
const restFactor = 3
const mostRestMs = 500

/** Stores segments one after the other, for ever: an absent database only makes it wait. */
export class Store {
  private readonly options: StoreOptions
  private readonly queue: Segment[] = []
  private readonly aborter = new AbortController()
  private readonly reader = new SegmentReader()
  private sorter: PartSorter | undefined
  private working: Promise<void> | undefined
  private stopping = false
  private restUntil = 0
  private idle: (() => void)[] = []

  constructor(options: StoreOptions) {
    this.options = options
  }

  /** Segments that wait for their INSERT. */
  get backlog(): number {
    return this.queue.length
  }

  /** A segment that is only old may grow on: earlier ones are being stored, or have just been. */
  get isBusy(): boolean {
    return this.backlog > 0 || performance.now() < this.restUntil
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
      const startedAt = performance.now()
      if (!(await this.storeUntilDone(this.queue[0]!))) return
      this.queue.shift()
      const endedAt = performance.now()
      this.restUntil = endedAt + Math.min(mostRestMs, restFactor * (endedAt - startedAt))
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
    const { settler, metrics, storeSpans } = this.options
    const found = { traces: false, logs: false, broken: false }
    const rows = new SegmentEvents(segment.path, this.options)
    try {
      const { end, tail } = await this.reader.read(segment.path, { verify: segment.replayed }, async (piece) => {
        const entries = piece.entries.filter(({ intact }) => intact)
        if (entries.length < piece.entries.length) await this.buryBroken(segment, piece)
        found.broken ||= entries.length < piece.entries.length
        found.traces ||= entries.some(({ hasTraces }) => hasTraces)
        found.logs ||= entries.some(({ hasLogs }) => hasLogs)
        if (!entries.some(({ events }) => events.length > 0)) return
        await rows.add({ ...piece, entries }, { segmentId: segment.id, sorter: await this.recalled(), signal: this.aborter.signal })
      })
      if (tail.length > 0) await this.cutTail(segment, tail, end)
      if (!rows.events.isEmpty) await this.insertFile(targets.events, segment.id, rows.events.path)
      if (!rows.parts.isEmpty) await this.insertFile(targets.parts, segment.id, rows.parts.path)
    } finally {
      await rows.remove()
    }
    settler.add(rows.unsettled)
    metrics.storedEvents.inc(rows.count)
    if (!storeSpans) return
    for (const target of [...(found.traces ? [targets.spans] : []), ...(found.logs ? [targets.logs] : [])]) {
      if (found.broken) await this.insertHalving(target, segment.id, await readIntactEntries(segment.path))
      else await this.insertFile(target, segment.id, segment.path)
    }
  }

  private async buryBroken(segment: Segment, { bytes, offset, entries }: SegmentPiece): Promise<void> {
    for (const { start, end } of entries.filter((entry) => !entry.intact))
      await this.bury(
        `${segment.id}-${offset + start}`,
        bytes.subarray(start, end),
        'checksum',
        'the bytes on disk are not those that were written',
      )
  }

  /** A torn tail was never acknowledged, unless the disk lost it: it is kept when it is more than an unfinished write. */
  private async cutTail(segment: Segment, tail: Buffer, end: number): Promise<void> {
    this.options.logger.warn('segment has a torn tail', { segment: segment.id, bytes: tail.length })
    this.options.metrics.tornTails.inc()
    await writeDeadLetter(this.options.deadLetterDirectory, `${segment.id}-tail`, tail, 'torn tail of a segment')
    await truncate(segment.path, end)
  }

  /** The first segment waits until what an earlier run stored last is known. */
  private async recalled(): Promise<PartSorter> {
    if (this.sorter !== undefined) return this.sorter
    const sorter = new PartSorter()
    this.options.settler.add(await sorter.recall(this.options.db, this.aborter.signal))
    this.sorter = sorter
    return sorter
  }

  /** @param path length-delimited messages */
  private async insertFile(target: Target, token: string, path: string): Promise<void> {
    try {
      await this.insertBody(target, token, { file: path })
    } catch (error) {
      if (!isRefusal(error)) throw error
      await this.insertHalving(target, token, splitMessages(await readFile(path)))
    }
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

async function readIntactEntries(path: string): Promise<Buffer[]> {
  const bytes = await readFile(path)
  const { entries } = readEntries(bytes, { verify: true })
  return entries.filter(({ intact }) => intact).map(({ start, end }) => bytes.subarray(start, end))
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
