/** The hot path behind every receiver: scan, extract, spool. What it answers is on disk. */
import { encodeEvent } from '../extract/event.ts'
import { extractEvents } from '../extract/extract.ts'
import { scanLogs } from '../extract/scan-logs.ts'
import { scanTraces } from '../extract/scan-traces.ts'
import { TraceMemory } from '../extract/trace-memory.ts'
import type { TextFields } from '../extract/track-span.ts'
import type { Spool } from '../spool/spool.ts'
import { CollectorError } from '../errors.ts'
import { WireError } from '../wire/reader.ts'

export interface IngestOptions {
  readonly spool: Spool
  /** What is known of a project's metadata keys. */
  readonly textFields: (project: string) => TextFields
  /** Unix nanoseconds. */
  readonly now: () => bigint
  /** Throws when no more may come in now. */
  readonly admit: () => void
}

/** What became of one request. */
export interface Ingested {
  readonly accepted: number
  readonly events: number
  readonly rejected: number
  /** Why, for the sender. */
  readonly reasons: readonly string[]
}

export interface Ingest {
  /** @param body ExportTraceServiceRequest in protobuf */
  traces(project: string, body: Buffer): Promise<Ingested>
  /** @param body ExportLogsServiceRequest in protobuf */
  logs(project: string, body: Buffer): Promise<Ingested>
}

/**
 * Both methods throw CollectorError INVALID_REQUEST for malformed bytes (nothing is kept) and SPOOL_FULL or SHUTTING_DOWN
 * when the sender should try again.
 */
export function createIngest({ spool, textFields, now, admit }: IngestOptions): Ingest {
  const memories = new Map<string, TraceMemory>()
  const memoryOf = (project: string): TraceMemory => {
    let memory = memories.get(project)
    if (memory === undefined) memories.set(project, (memory = new TraceMemory()))
    return memory
  }
  return {
    async traces(project, body) {
      admit()
      const scan = decoding(() => scanTraces(body))
      const events = extractEvents(scan.candidates, textFields(project), memoryOf(project)).map(encodeEvent)
      if (scan.spans > 0) await spool.append({ project, receivedAt: now(), traces: scan.body, events })
      return { accepted: scan.spans, events: events.length, rejected: scan.rejected, reasons: scan.rejections }
    },
    async logs(project, body) {
      admit()
      const scan = decoding(() => scanLogs(body))
      if (scan.records > 0) await spool.append({ project, receivedAt: now(), logs: scan.body, events: [] })
      return { accepted: scan.records, events: 0, rejected: 0, reasons: [] }
    },
  }
}

function decoding<T>(scan: () => T): T {
  try {
    return scan()
  } catch (error) {
    if (error instanceof WireError) throw new CollectorError('INVALID_REQUEST', `the body is not an OTLP request: ${error.message}`)
    throw error
  }
}
