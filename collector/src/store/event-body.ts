/** Completes the events of a segment: what the extract stage wrote, plus project, time, topic and sentiment. */
import { WireReader } from '../wire/reader.ts'
import { WireWriter } from '../wire/writer.ts'
import { emptyText, partTags, textLengthField } from '../extract/encode-part.ts'
import type { EntrySlice } from '../spool/entry.ts'

/** One event of a segment, still encoded: what every event is asked for was read, the rest is when somebody asks. */
export class StoredEvent {
  readonly project: string
  readonly receivedAt: bigint
  readonly encoded: EncodedEvent
  readonly eventId: string = ''
  readonly dimension: string = ''
  readonly text: string = ''
  readonly timeUnixNano: bigint = 0n
  /** A PartRole (extract/turn-part.ts). */
  readonly role: string = ''

  constructor(project: string, receivedAt: bigint, encoded: EncodedEvent) {
    this.project = project
    this.receivedAt = receivedAt
    this.encoded = encoded
    const { bytes, start, end } = encoded
    const reader = new WireReader(bytes, start)
    while (reader.pos < end) {
      const tag = reader.tag(end)
      if (tag === partTags.eventId) this.eventId = reader.string(end)
      else if (tag === partTags.dimension) this.dimension = reader.string(end)
      else if (tag === partTags.text) this.text = reader.string(end)
      else if (tag === partTags.role) this.role = reader.string(end)
      else if (tag === partTags.timeUnixNano) this.timeUnixNano = reader.fixed64(end)
      else reader.skip(tag, end)
    }
  }

  get sessionId(): string {
    return this.read(partTags.sessionId)
  }

  get userId(): string {
    return this.read(partTags.userId)
  }

  get traceId(): string {
    return this.read(partTags.traceId)
  }

  private read(wanted: number): string {
    const { bytes, start, end } = this.encoded
    const reader = new WireReader(bytes, start)
    while (reader.pos < end) {
      const tag = reader.tag(end)
      if (tag === wanted) return reader.string(end)
      reader.skip(tag, end)
    }
    return ''
  }
}

/** Where the message `Event` stands. */
export interface EncodedEvent {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** What the topics stage says of one text; all zero while it has not seen it. */
export interface Assignment {
  readonly textHash: bigint
  readonly anchorId: bigint
  readonly topicId: bigint
  /** Cosine to the anchor, −1…1. */
  readonly similarity: number
  /** ≥ 0, robust z-score. */
  readonly outlierScore: number
}

/** Field numbers that the store stage appends to `Event` (clickhouse/formats/spool.proto). */
const field = {
  project: 30,
  receivedAt: 31,
  textHash: 32,
  anchorId: 33,
  arrivalTopicId: 34,
  similarity: 35,
  outlierScore: 36,
  sentiment: 37,
  isDeleted: 38,
  version: 39,
} as const

/** The events of a segment's entries, in order. */
export function eventsOf(bytes: Buffer, entries: readonly EntrySlice[]): StoredEvent[] {
  const events: StoredEvent[] = []
  for (const { project, receivedAt, events: offsets } of entries) {
    for (let i = 0; i < offsets.length; i += 2) {
      events.push(new StoredEvent(project, receivedAt, { bytes, start: offsets[i]!, end: offsets[i + 1]! }))
    }
  }
  return events
}

/** What the store stage adds to an event. */
export interface Completion {
  readonly assignment: Assignment
  /** -1…1 */
  readonly sentiment: number
  /** false: the text itself goes no further. */
  readonly keepText: boolean
  /** Takes the place of the row of the same key. Default: none, a new row. */
  readonly replaces?: { readonly version: bigint; readonly isDeleted: boolean; readonly textLength: number }
}

/** An event whose place in the spool is all that is needed. */
export type Completable = Pick<StoredEvent, 'project' | 'receivedAt' | 'encoded'>

/** One delimited message each: protobuf lets fields be appended to a finished message, so nothing is decoded again. */
export function completeEvents<E extends Completable>(events: readonly E[], completionOf: (event: E, i: number) => Completion): Buffer[] {
  return complete(events, (writer, event, i) => {
    const { assignment, sentiment, keepText, replaces } = completionOf(event, i)
    writer
      .fixed64(field.textHash, assignment.textHash)
      .fixed64(field.anchorId, assignment.anchorId)
      .fixed64(field.arrivalTopicId, assignment.topicId)
      .float(field.similarity, assignment.similarity)
      .float(field.outlierScore, assignment.outlierScore)
      .float(field.sentiment, sentiment)
      .uint(field.isDeleted, replaces?.isDeleted ? 1 : 0)
      .fixed64(field.version, replaces?.version ?? 0n)
      .uint(textLengthField, replaces?.textLength ?? 0)
    if (!keepText) writer.raw(emptyText)
  })
}

/** The same of parts that are no events. */
export function completeParts(parts: readonly StoredEvent[]): Buffer[] {
  return complete(parts, (writer) => writer.raw(emptyText))
}

const maxTailBytes = 256 // of what is appended, where the project's name is not a long one

function complete<E extends Completable>(events: readonly E[], append: (writer: WireWriter, event: E, i: number) => void): Buffer[] {
  const writer = new WireWriter(events.reduce((sum, { encoded }) => sum + encoded.end - encoded.start + maxTailBytes, 0))
  const ends = events.map((event, i) => {
    const { bytes, start, end } = event.encoded
    const message = writer.beginDelimited()
    writer.range(bytes, start, end).string(field.project, event.project).fixed64(field.receivedAt, event.receivedAt)
    append(writer, event, i)
    return writer.end(message).sizeBytes
  })
  const { written } = writer
  return ends.map((end, i) => written.subarray(ends[i - 1] ?? 0, end))
}
