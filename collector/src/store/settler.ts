/** Settles traces: late sessions, repeats and log texts change events that are stored already, within seconds. */
import { randomUUID } from 'node:crypto'
import { type ClickHouse, loadQuery, toClickHouseError } from '@turret/clickhouse'
import { groupBy } from '../extract/group-by.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import { findHomes } from './find-homes.ts'
import { insertMessages, targets } from './insert-messages.ts'
import { settleTrace } from './settle-trace.ts'
import type { StoredTrace } from './sort-parts.ts'
import { type TraceRow, toReplacement, toStoredPart } from './trace-rows.ts'

export interface SettlerOptions {
  readonly db: ClickHouse
  /** Unix nanoseconds. */
  readonly now: () => bigint
  readonly logger: Logger
  readonly metrics: Metrics
  /** From when a trace is added to when it is settled: parts that come together are settled together. */
  readonly delayMs?: number
  /** Until a trace is looked at again, for what another process wrote meanwhile. */
  readonly secondLookMs?: number
}

interface Waiting extends StoredTrace {
  readonly dueMs: number
  readonly isSecondLook: boolean
}

const defaultDelayMs = 1_000 // of the five seconds in which a late session must show
const defaultSecondLookMs = 15_000
const capacity = 100_000 // traces that wait; about 20 MB
const tracesPerQuery = 500

/** Works from the database alone: what a crash left unsettled is settled by the next run. */
export class Settler {
  private readonly options: SettlerOptions
  private readonly delayMs: number
  private readonly secondLookMs: number
  private readonly waiting = new Map<string, Waiting>()
  private readonly aborter = new AbortController()
  private timer: NodeJS.Timeout | undefined
  private working: Promise<void> | undefined

  constructor(options: SettlerOptions) {
    this.options = options
    this.delayMs = options.delayMs ?? defaultDelayMs
    this.secondLookMs = options.secondLookMs ?? defaultSecondLookMs
  }

  /** Traces that wait to be settled or looked at again. */
  get backlog(): number {
    return this.waiting.size
  }

  add(traces: readonly StoredTrace[]): void {
    const dueMs = performance.now() + this.delayMs
    for (const trace of traces) {
      if (this.waiting.get(keyOf(trace))?.isSecondLook !== false) this.keep({ ...trace, dueMs, isSecondLook: false })
    }
    this.wake()
  }

  /** Settles what waits; gives up when `signal` aborts: the next run of the collector finds it again. */
  async stop(signal: AbortSignal): Promise<void> {
    const giveUp = (): void => this.aborter.abort()
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
    await this.working
    if (!signal.aborted) await this.settleDue(Infinity)
    signal.removeEventListener('abort', giveUp)
    this.aborter.abort()
    clearTimeout(this.timer)
  }

  private keep(trace: Waiting): void {
    this.waiting.set(keyOf(trace), trace)
    if (this.waiting.size <= capacity) return
    for (const oldest of this.waiting.keys()) {
      this.waiting.delete(oldest)
      this.options.metrics.unsettledTraces.inc()
      break
    }
  }

  private wake(): void {
    if (this.waiting.size === 0 || this.aborter.signal.aborted) return
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.working ??= this.settleDue(performance.now()).finally(() => {
        this.working = undefined
        this.wake()
      })
    }, this.delayMs).unref()
  }

  /** @param untilMs settles first looks that are due by then, and second looks too unless it is Infinity */
  private async settleDue(untilMs: number): Promise<void> {
    const due = [...this.waiting.values()].filter(({ dueMs, isSecondLook }) => dueMs <= untilMs && !(isSecondLook && untilMs === Infinity))
    for (const trace of due) this.waiting.delete(keyOf(trace))
    for (const [project, traces] of groupBy(due, (trace) => trace.project)) {
      for (let i = 0; i < traces.length; i += tracesPerQuery) await this.settle(project, traces.slice(i, i + tracesPerQuery))
    }
  }

  private async settle(project: string, traces: readonly Waiting[]): Promise<void> {
    const { db, logger, metrics } = this.options
    const { signal } = this.aborter
    try {
      const rows = await this.readTraces(
        project,
        traces.map(({ traceId }) => traceId),
      )
      const changes = [...groupBy(rows, (row) => row.TraceId).values()].flatMap((trace) => this.changesOf(project, trace))
      // One INSERT, and all rows of one event are in one partition: its old row goes and its new one comes, or neither.
      if (changes.length > 0) await insertMessages(db, targets.events, Buffer.concat(changes), { token: randomUUID(), signal })
      metrics.settledRows.inc(changes.length)
      const dueMs = performance.now() + this.secondLookMs
      for (const trace of traces)
        if (!trace.isSecondLook && !this.waiting.has(keyOf(trace))) this.keep({ ...trace, dueMs, isSecondLook: true })
    } catch (error) {
      if (signal.aborted) return
      logger.warn('settling traces failed, trying again', { traces: traces.length, error: toClickHouseError(error).message.slice(0, 200) })
      this.add(traces)
    }
  }

  /** Everything stored of these traces, and of those in which their calls go on with a turn. */
  private async readTraces(project: string, traceIds: readonly string[]): Promise<TraceRow[]> {
    const { db } = this.options
    const { signal } = this.aborter
    const rows = await db.query<TraceRow>(loadQuery('trace_parts'), { params: { project, traces: traceIds }, signal })
    const adopted = await findHomes(db, project, rows, signal)
    const others = [...new Set(adopted.map(({ traceId }) => traceId))].filter((traceId) => !traceIds.includes(traceId))
    if (others.length > 0)
      rows.push(...(await db.query<TraceRow>(loadQuery('trace_parts'), { params: { project, traces: others }, signal })))
    return [...rows, ...adopted.map(({ row }) => row)]
  }

  private changesOf(project: string, rows: readonly TraceRow[]): Buffer[] {
    const newest = rows.reduce((version, row) => (BigInt(row.Version) > version ? BigInt(row.Version) : version), this.options.now())
    const changes = settleTrace(rows.map(toStoredPart))
    return changes.map(({ part, isDeleted }) => toReplacement(project, part, newest + 1n, isDeleted))
  }
}

function keyOf({ project, traceId }: StoredTrace): string {
  return `${project}\n${traceId}`
}
