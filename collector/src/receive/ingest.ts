/** The hot path behind every receiver: scan, extract, spool. What it answers is on disk. */
import { CollectorError } from '../errors.ts'
import { encodeParts } from '../extract/encode-part.ts'
import { type ExtractOptions, createExtractor, defaultExtractOptions } from '../extract/extract-turns.ts'
import { scanLogs } from '../extract/scan-logs.ts'
import { scanTraces } from '../extract/scan-traces.ts'
import type { TextFields } from '../extract/text-fields.ts'
import { TrackEncoder } from '../extract/track-bytes.ts'
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
  const tracks = new TrackEncoder()

  /** Acknowledged means on disk; only then others are told. */
  const keep = async (project: string, signal: 'traces' | 'logs', { sent, items, body, events }: Kept): Promise<void> => {
    const kept = { events, ...(keepsRaw && { [signal]: body }) }
    if (keepsRaw || events.length > 0) await spool.append({ project, receivedAt: now(), ...kept })
    forward?.[signal](sent, items)
  }

  return {
    async traces(project, body) {
      admit()
      const texts = textFields(project)
      const scan = decoding(() => scanTraces(body, { skipsTrackSpans: extract.storeContent }))
      const tracked = tracks.encode(body, scan.tracked, texts)
      const { parts, faults } = extractor.spans([...scan.candidates, ...tracked.left], texts)
      const events = parts.length === 0 ? tracked.encoded : Buffer.concat([tracked.encoded, encodeParts(parts)])
      if (scan.spans > 0) await keep(project, 'traces', { sent: scan.sent, items: scan.spans, body: scan.body, events })
      return {
        accepted: scan.spans,
        events: tracked.events + parts.filter(isOpening).length,
        faults,
        rejected: scan.rejected,
        reasons: scan.rejections,
      }
    },
    async logs(project, body) {
      admit()
      const scan = decoding(() => scanLogs(body))
      const { parts, faults } = extractor.logs(scan.candidates)
      if (scan.records > 0) await keep(project, 'logs', { sent: body, items: scan.records, body: scan.body, events: encodeParts(parts) })
      return { accepted: scan.records, events: parts.filter(isOpening).length, faults, rejected: 0, reasons: [] }
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
  /** As `Entry` holds them. */
  readonly events: Buffer
}

function decoding<T>(scan: () => T): T {
  try {
    return scan()
  } catch (error) {
    if (error instanceof WireError) throw new CollectorError('INVALID_REQUEST', `the body is not an OTLP request: ${error.message}`)
    throw error
  }
}
