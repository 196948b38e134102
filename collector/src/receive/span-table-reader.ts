/** `receivers.otel_traces`: reads spans that others wrote into ClickHouse, and spools the events in them. */
import { type ClickHouse, loadQuery, toClickHouseError } from '@turret/clickhouse'
import type { Logger } from '../telemetry.ts'
import { WireWriter } from '../wire/writer.ts'
import { groupBy } from '../extract/group-by.ts'
import type { Ingest } from './ingest.ts'

export interface SpanTableReaderOptions {
  readonly db: ClickHouse
  /** Keeps the events; the spans are where they belong already. */
  readonly ingest: Pick<Ingest, 'traces'>
  readonly intervalMs: number
  readonly lookbackMs: number
  /** Unix nanoseconds. */
  readonly now: () => bigint
  readonly logger: Logger
  /** Told how many events were found. */
  readonly count: (events: number) => void
}

interface SpanRow {
  readonly Project: string
  readonly TraceId: string
  readonly SpanId: string
  readonly ParentSpanId: string
  readonly SpanName: string
  readonly ScopeName: string
  readonly ResourceAttributes: Readonly<Record<string, string>>
  readonly SpanAttributes: Readonly<Record<string, string>>
  readonly StatusCode: string
  readonly StatusMessage: string
  readonly Start: string
  readonly DurationNanos: string
  readonly EventNames: readonly string[]
  readonly EventAttributes: readonly Readonly<Record<string, string>>[]
}

const pageRows = 2000
const overlapNanos = 300_000_000_000n // spans are written when they end, so they come up to minutes after their start
const maxSeen = 200_000

/** Looks again at the last minutes each time; what it has seen there it passes over. */
export class SpanTableReader {
  private readonly options: SpanTableReaderOptions
  private readonly aborter = new AbortController()
  private readonly seen = new Set<string>()
  private from: bigint
  private timer: NodeJS.Timeout | undefined
  private reading: Promise<void> | undefined

  constructor(options: SpanTableReaderOptions) {
    this.options = options
    this.from = options.now() - BigInt(options.lookbackMs) * 1_000_000n
  }

  start(): void {
    const look = (): void => void (this.reading ??= this.read().finally(() => (this.reading = undefined)))
    this.timer = setInterval(look, this.options.intervalMs).unref()
    look()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.aborter.abort()
    await this.reading
  }

  private async read(): Promise<void> {
    const to = this.options.now()
    try {
      let [from, afterSpan] = [this.from, '']
      for (;;) {
        const rows = await this.readPage(from, to, afterSpan)
        await this.take(rows.filter((row) => !this.seen.has(keyOf(row))))
        for (const row of rows) this.remember(keyOf(row))
        const last = rows.at(-1)
        if (last === undefined || rows.length < pageRows) break
        ;[from, afterSpan] = [BigInt(last.Start), last.SpanId]
      }
      const overlapping = to - overlapNanos
      if (overlapping > this.from) this.from = overlapping
    } catch (error) {
      if (this.aborter.signal.aborted) return
      this.options.logger.warn('reading otel_traces failed, trying again', { error: toClickHouseError(error).message.slice(0, 200) })
    }
  }

  private readPage(from: bigint, to: bigint, afterSpan: string): Promise<SpanRow[]> {
    const params = { from, to, afterSpan, limit: pageRows }
    return this.options.db.query<SpanRow>(loadQuery('foreign_spans'), { params, signal: this.aborter.signal })
  }

  private async take(rows: readonly SpanRow[]): Promise<void> {
    for (const [project, own] of groupBy(rows, (row) => row.Project)) {
      const unknown = await this.withoutKnown(project, own)
      if (unknown.length === 0) continue
      const { events } = await this.options.ingest.traces(project, encodeSpans(unknown))
      this.options.count(events)
    }
  }

  /** A span that an event was made of, or completed by, has been looked at by an earlier run. */
  private async withoutKnown(project: string, rows: readonly SpanRow[]): Promise<readonly SpanRow[]> {
    const traces = [...new Set(rows.map(({ TraceId }) => TraceId))]
    const sql = loadQuery('known_spans')
    const params = { project, traces }
    const known = await this.options.db.query<{ SpanId: string }>(sql, { params, signal: this.aborter.signal })
    const ids = new Set(known.map(({ SpanId }) => SpanId))
    return rows.filter(({ SpanId }) => !ids.has(SpanId))
  }

  private remember(key: string): void {
    this.seen.add(key)
    if (this.seen.size <= maxSeen) return
    for (const oldest of this.seen) {
      this.seen.delete(oldest)
      break
    }
  }
}

function keyOf({ TraceId, SpanId }: SpanRow): string {
  return TraceId + SpanId
}

/** ExportTraceServiceRequest; all attribute values are texts, as the table has them. */
function encodeSpans(rows: readonly SpanRow[]): Buffer {
  const request = new WireWriter(1024 * rows.length)
  for (const row of rows) {
    const scope = new WireWriter(64).string(1, row.ScopeName).finish()
    const scopeSpans = new WireWriter(1024).bytes(1, scope).bytes(2, encodeSpan(row)).finish()
    const resource = attributes(new WireWriter(256), 1, row.ResourceAttributes).finish()
    request.bytes(1, new WireWriter(1024).bytes(1, resource).bytes(2, scopeSpans).finish())
  }
  return request.finish()
}

function encodeSpan(row: SpanRow): Buffer {
  const start = BigInt(row.Start)
  const span = new WireWriter(1024)
    .bytes(1, Buffer.from(row.TraceId, 'hex'))
    .bytes(2, Buffer.from(row.SpanId, 'hex'))
    .bytes(4, Buffer.from(row.ParentSpanId, 'hex'))
    .string(5, row.SpanName)
    .fixed64(7, start)
    .fixed64(8, start + BigInt(row.DurationNanos))
  attributes(span, 9, row.SpanAttributes)
  for (const [i, name] of row.EventNames.entries()) {
    span.bytes(11, attributes(new WireWriter(256).string(2, name), 3, row.EventAttributes[i] ?? {}).finish())
  }
  const status = new WireWriter(64).string(2, row.StatusMessage).uint(3, row.StatusCode === 'Error' ? 2 : 0)
  return span.bytes(15, status.finish()).finish()
}

function attributes(writer: WireWriter, field: number, values: Readonly<Record<string, string>>): WireWriter {
  for (const [key, value] of Object.entries(values)) {
    const any = new WireWriter(value.length + 16).present(1, value).finish()
    writer.bytes(field, new WireWriter(any.length + 64).string(1, key).bytes(2, any).finish())
  }
  return writer
}
