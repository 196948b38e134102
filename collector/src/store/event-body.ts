/** Completes the events of a segment: what the extract stage wrote, plus project, time, topic and sentiment. */
import { WireReader } from '../wire/reader.ts'
import { WireWriter } from '../wire/writer.ts'
import { emptyText, partTags, textLengthField } from '../extract/encode-part.ts'
import type { EntrySlice } from '../spool/entry.ts'

/** One event of a segment, still encoded. */
export interface StoredEvent {
  readonly project: string
  readonly receivedAt: bigint
  readonly bytes: Buffer
  readonly eventId: string
  readonly sessionId: string
  readonly userId: string
  readonly dimension: string
  readonly text: string
  readonly timeUnixNano: bigint
  readonly traceId: string
  /** A PartRole (extract/turn-part.ts). */
  readonly role: string
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
      events.push({ project, receivedAt, ...readEvent(bytes.subarray(offsets[i], offsets[i + 1])) })
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

/** One delimited message: protobuf lets fields be appended to a finished message, so nothing is decoded again. */
export function completeEvent(event: Pick<StoredEvent, 'project' | 'receivedAt' | 'bytes'>, completion: Completion): Buffer {
  const { assignment, sentiment, keepText, replaces } = completion
  const tail = new WireWriter(128)
    .string(field.project, event.project)
    .fixed64(field.receivedAt, event.receivedAt)
    .fixed64(field.textHash, assignment.textHash)
    .fixed64(field.anchorId, assignment.anchorId)
    .fixed64(field.arrivalTopicId, assignment.topicId)
    .float(field.similarity, assignment.similarity)
    .float(field.outlierScore, assignment.outlierScore)
    .float(field.sentiment, sentiment)
    .uint(field.isDeleted, replaces?.isDeleted ? 1 : 0)
    .fixed64(field.version, replaces?.version ?? 0n)
    .uint(textLengthField, replaces?.textLength ?? 0)
    .raw(keepText ? nothing : emptyText)
    .finish()
  return delimited(event.bytes, tail)
}

/** A part that is no event. */
export function completePart(part: StoredEvent): Buffer {
  const tail = new WireWriter(64).string(field.project, part.project).fixed64(field.receivedAt, part.receivedAt).raw(emptyText).finish()
  return delimited(part.bytes, tail)
}

const nothing = Buffer.alloc(0)

function delimited(bytes: Buffer, tail: Buffer): Buffer {
  const length = new WireWriter(8).varint(bytes.length + tail.length).finish()
  return Buffer.concat([length, bytes, tail])
}

/** The fields that the store stage looks at; the others stay bytes. */
function readEvent(bytes: Buffer): Omit<StoredEvent, 'project' | 'receivedAt'> {
  const reader = new WireReader(bytes)
  const end = bytes.length
  const event = { bytes, eventId: '', sessionId: '', userId: '', dimension: '', text: '', timeUnixNano: 0n, traceId: '', role: '' }
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === partTags.eventId) event.eventId = reader.string(end)
    else if (tag === partTags.sessionId) event.sessionId = reader.string(end)
    else if (tag === partTags.userId) event.userId = reader.string(end)
    else if (tag === partTags.dimension) event.dimension = reader.string(end)
    else if (tag === partTags.text) event.text = reader.string(end)
    else if (tag === partTags.traceId) event.traceId = reader.string(end)
    else if (tag === partTags.role) event.role = reader.string(end)
    else if (tag === partTags.timeUnixNano) event.timeUnixNano = reader.fixed64(end)
    else reader.skip(tag, end)
  }
  return event
}
