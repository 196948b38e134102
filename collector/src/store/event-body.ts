/** Completes the events of a segment: what the extract stage wrote, plus project, time, topic and sentiment. */
import { WireReader } from '../wire/reader.ts'
import type { WireWriter } from '../wire/writer.ts'
import { emptyText, partTags, textLengthField } from '../extract/encode-part.ts'
import type { PartRole } from '../extract/turn-part.ts'
import { EventKey } from './event-key.ts'
import type { SegmentPiece } from './segment-reader.ts'

/** One event of a segment, still encoded: where its main fields stand was found out, they are read when somebody asks. */
export class StoredEvent {
  readonly project: string
  readonly receivedAt: bigint
  readonly encoded: EncodedEvent
  private id = nowhere
  private dimension = nowhere
  private textAt = nowhere
  private roleAt = nowhere
  private decodedText: string | undefined

  constructor(project: string, receivedAt: bigint, encoded: EncodedEvent) {
    this.project = project
    this.receivedAt = receivedAt
    this.encoded = encoded
    const { bytes, start, end } = encoded
    const reader = new WireReader(bytes, start)
    while (reader.pos < end) {
      const tag = reader.tag(end)
      const fieldStart = reader.pos
      reader.skip(tag, end)
      if (tag === partTags.eventId) this.id = fieldStart
      else if (tag === partTags.dimension) this.dimension = fieldStart
      else if (tag === partTags.text) this.textAt = fieldStart
      else if (tag === partTags.role) this.roleAt = fieldStart
    }
  }

  get text(): string {
    this.decodedText ??= this.stringAt(this.textAt)
    return this.decodedText
  }

  /** A PartRole (extract/turn-part.ts). */
  get role(): string {
    return this.stringAt(this.roleAt)
  }

  /** Was it made by `track()`? Nearly all events are asked this, so it is answered without decoding. */
  get isTracked(): boolean {
    const { bytes } = this.encoded
    const { roleAt } = this
    return (
      roleAt !== nowhere &&
      bytes[roleAt] === track.length &&
      bytes.compare(track, 0, track.length, roleAt + 1, roleAt + 1 + track.length) === 0
    )
  }

  get hasText(): boolean {
    return this.textAt !== nowhere
  }

  get sessionId(): string {
    return this.stringAt(this.find(partTags.sessionId))
  }

  get userId(): string {
    return this.stringAt(this.find(partTags.userId))
  }

  get traceId(): string {
    return this.stringAt(this.find(partTags.traceId))
  }

  /** The same for every span that brings this event. */
  get key(): EventKey {
    const key = new EventKey(this.project)
    for (const at of [this.id, this.dimension]) this.addTo(key, at)
    return key.finish()
  }

  private addTo(key: EventKey, at: number): void {
    const { bytes, end } = this.encoded
    const reader = new WireReader(bytes, Math.max(0, at))
    const fieldEnd = at === nowhere ? 0 : reader.length(end)
    key.add(bytes, reader.pos, fieldEnd)
  }

  private find(wanted: number): number {
    const { bytes, start, end } = this.encoded
    const reader = new WireReader(bytes, start)
    while (reader.pos < end) {
      const tag = reader.tag(end)
      if (tag === wanted) return reader.pos
      reader.skip(tag, end)
    }
    return nowhere
  }

  private stringAt(at: number): string {
    return at === nowhere ? '' : new WireReader(this.encoded.bytes, at).string(this.encoded.end)
  }
}

const nowhere = -1
const track = Buffer.from('track' satisfies PartRole)

/** Where the message `Event` stands. */
export interface EncodedEvent {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** Where its segment has it. */
  readonly place: number
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

/** The events of some entries, in order. */
export function eventsOf({ bytes, offset, entries }: SegmentPiece): StoredEvent[] {
  const events: StoredEvent[] = []
  for (const { project, receivedAt, events: offsets } of entries) {
    for (let i = 0; i < offsets.length; i += 2) {
      const start = offsets[i]!
      events.push(new StoredEvent(project, receivedAt, { bytes, start, end: offsets[i + 1]!, place: offset + start }))
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
export type Completable = Pick<StoredEvent, 'project' | 'receivedAt'> & { readonly encoded: Omit<EncodedEvent, 'place'> }

/** One delimited message: protobuf lets fields be appended to a finished message, so nothing is decoded again. */
export function writeEvent(writer: WireWriter, event: Completable, { assignment, sentiment, keepText, replaces }: Completion): void {
  const start = beginMessage(writer, event)
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
  writer.end(start)
}

/** The same of a part that is no event. */
export function writePart(writer: WireWriter, part: Completable): void {
  const start = beginMessage(writer, part)
  writer.raw(emptyText).end(start)
}

function beginMessage(writer: WireWriter, { encoded, project, receivedAt }: Completable): number {
  const start = writer.beginDelimited()
  writer.range(encoded.bytes, encoded.start, encoded.end).string(field.project, project).fixed64(field.receivedAt, receivedAt)
  return start
}
