/** Completes the events of a segment: what the extract stage wrote, plus project, time, topic and sentiment. */
import { WireReader } from '../wire/reader.ts'
import { WireWriter } from '../wire/writer.ts'
import { eventTags } from '../extract/event.ts'
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

/** One delimited message: protobuf lets fields be appended to a finished message, so nothing is decoded again. */
export function completeEvent(event: StoredEvent, assignment: Assignment, sentiment: number): Buffer {
  const tail = new WireWriter(128)
    .string(field.project, event.project)
    .fixed64(field.receivedAt, event.receivedAt)
    .fixed64(field.textHash, assignment.textHash)
    .fixed64(field.anchorId, assignment.anchorId)
    .fixed64(field.arrivalTopicId, assignment.topicId)
    .float(field.similarity, assignment.similarity)
    .float(field.outlierScore, assignment.outlierScore)
    .float(field.sentiment, sentiment)
    .finish()
  const length = new WireWriter(8).varint(event.bytes.length + tail.length).finish()
  return Buffer.concat([length, event.bytes, tail])
}

/** The fields that the store stage looks at; the others stay bytes. */
function readEvent(bytes: Buffer): Omit<StoredEvent, 'project' | 'receivedAt'> {
  const reader = new WireReader(bytes)
  const end = bytes.length
  const event = { bytes, eventId: '', sessionId: '', userId: '', dimension: '', text: '', timeUnixNano: 0n }
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === eventTags.eventId) event.eventId = reader.string(end)
    else if (tag === eventTags.sessionId) event.sessionId = reader.string(end)
    else if (tag === eventTags.userId) event.userId = reader.string(end)
    else if (tag === eventTags.dimension) event.dimension = reader.string(end)
    else if (tag === eventTags.text) event.text = reader.string(end)
    else if (tag === eventTags.timeUnixNano) event.timeUnixNano = reader.fixed64(end)
    else reader.skip(tag, end)
  }
  return event
}
