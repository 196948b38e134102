/** The hot path behind every receiver: scan, extract, spool. What it answers is on disk. */
import { CollectorError } from '../errors.ts'
import { encodePart } from '../extract/encode-part.ts'
import { type ExtractOptions, type Extraction, createExtractor, defaultExtractOptions } from '../extract/extract-turns.ts'
import { scanLogs } from '../extract/scan-logs.ts'
import { scanTraces } from '../extract/scan-traces.ts'
import type { TextFields } from '../extract/track-span.ts'
import { isOpening } from '../extract/turn-part.ts'
import type { Forward } from '../forward/forward.ts'
import type { Spool } from '../spool/spool.ts'
import { WireError } from '../wire/reader.ts'

export interface IngestOptions {
  readonly spool: Pick<Spool, 'append'>
  /** What is known of a project's metadata keys. */
  readonly textFields: (project: string) => TextFields
  /** Unix nanoseconds. */
  readonly now: () => bigint
  /** Throws when no more may come in now. */
  readonly admit: () => void
  readonly extract?: ExtractOptions
  /** false: the spans are stored already, only what is found in them is kept. */
  readonly keepsRaw?: boolean
  /** Where accepted requests go as well; it never waits and never throws. */
  readonly forward?: Forward | undefined
}

/** What became of one request. */
export interface Ingested {
  readonly accepted: number
  /** Texts that became events. */
  readonly events: number
  /** Texts that were there and could not be read whole. */
  readonly faults: number
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
export function createIngest({
  spool,
  textFields,
  now,
  admit,
  forward,
  extract = defaultExtractOptions,
  keepsRaw = extract.storeContent,
}: IngestOptions): Ingest {
  const extractor = createExtractor(extract)

  /** Acknowledged means on disk; only then others are told. */
  const keep = async (project: string, signal: 'traces' | 'logs', { sent, items, body, extraction }: Kept): Promise<void> => {
    const events = extraction.parts.map(encodePart)
    const kept = { events, ...(keepsRaw && { [signal]: body }) }
    if (keepsRaw || events.length > 0) await spool.append({ project, receivedAt: now(), ...kept })
    forward?.[signal](sent, items)
  }

  return {
    async traces(project, body) {
      admit()
      const scan = decoding(() => scanTraces(body))
      const extraction = extractor.spans(scan.candidates, textFields(project))
      if (scan.spans > 0) await keep(project, 'traces', { sent: scan.sent, items: scan.spans, body: scan.body, extraction })
      return { accepted: scan.spans, ...counts(extraction), rejected: scan.rejected, reasons: scan.rejections }
    },
    async logs(project, body) {
      admit()
      const scan = decoding(() => scanLogs(body))
      const extraction = extractor.logs(scan.candidates)
      if (scan.records > 0) await keep(project, 'logs', { sent: body, items: scan.records, body: scan.body, extraction })
      return { accepted: scan.records, ...counts(extraction), rejected: 0, reasons: [] }
    },
  }
}

interface Kept {
  /** As it came, without what was refused. */
  readonly sent: Buffer
  /** Spans or log records. */
  readonly items: number
  /** As ClickHouse reads it. */
  readonly body: Buffer
  readonly extraction: Extraction
}

function counts({ parts, faults }: Extraction): { events: number; faults: number } {
  return { events: parts.filter(isOpening).length, faults }
}

function decoding<T>(scan: () => T): T {
  try {
    return scan()
  } catch (error) {
    if (error instanceof WireError) throw new CollectorError('INVALID_REQUEST', `the body is not an OTLP request: ${error.message}`)
    throw error
  }
}
