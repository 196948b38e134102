/** The events of track spans, made from the spans' bytes: what partsOfTrackSpan (track-span.ts) and encodePart make, without objects. */
import { EVENT_NAME, METADATA_PREFIX, SESSION_ID, USER_ID } from '@turret/exporter/attributes'
import { RawText, noText } from '../wire/raw-text.ts'
import { WireReader } from '../wire/reader.ts'
import { createAttributes, readAnyValue, toText } from '../wire/value.ts'
import { WireWriter } from '../wire/writer.ts'
import type { CandidateSpan } from './candidate.ts'
import { decodeSpan } from './decode-span.ts'
import { entryEventsField, eventField } from './encode-part.ts'
import { maxTextLength } from './extract-turns.ts'
import { type Metadatum, type TextFields, textsAmong } from './text-fields.ts'

/** What became of the track spans of one request. */
export interface TrackedEvents {
  /** Fields `events` of `Entry`, one behind the other. */
  readonly encoded: Buffer
  readonly events: number
  /** Spans that have to be decoded: a text is too long, or the event's name is no string. */
  readonly left: readonly CandidateSpan[]
}

/** Keeps its buffer from request to request. */
export class TrackEncoder {
  private readonly writer = new WireWriter(256 * 1024)

  /**
   * @param body ExportTraceServiceRequest in protobuf
   * @param spans offsets in `body` at which each track span begins and ends
   */
  encode(body: Buffer, spans: readonly number[], texts: TextFields): TrackedEvents {
    const reader = new WireReader(body)
    const left: CandidateSpan[] = []
    let events = 0
    this.writer.reset()
    for (let i = 0; i < spans.length; i += 2) {
      const span = readTrackSpan(reader, spans[i]!, spans[i + 1]!)
      if (isOrdinary(span)) {
        const dimensions = textsAmong(span.metadata, texts)
        dimensions.forEach((dimension, rank) => writeEvent(this.writer, body, span, dimension, rank))
        events += dimensions.length
      } else {
        reader.pos = spans[i]!
        left.push(decodeSpan(reader, spans[i + 1]!, createAttributes(), ''))
      }
    }
    return { encoded: this.writer.finish(), events, left }
  }
}

/** A metadata attribute where it stands. */
class RawMetadatum implements Metadatum {
  readonly rawKey: RawText
  value: RawText

  constructor(rawKey: RawText, value: RawText) {
    this.rawKey = rawKey
    this.value = value
  }

  get key(): string {
    return this.rawKey.text
  }

  get text(): string {
    return this.value.text
  }

  get length(): number {
    return this.value.length
  }

  get isBlank(): boolean {
    return this.value.isBlank
  }
}

/** A track span, its fields by their offsets. */
interface TrackSpan {
  /** 16 bytes. */
  traceId: number
  /** 8 bytes. */
  spanId: number
  /** 8 bytes, as those of the end; −1: absent. */
  startTime: number
  endTime: number
  isError: boolean
  statusMessage: RawText
  /** undefined: absent, or no string. */
  name: RawText | undefined
  sessionId: RawText
  userId: RawText
  readonly metadata: RawMetadatum[]
}

function isOrdinary({ name, metadata }: TrackSpan): boolean {
  return name !== undefined && metadata.every(({ length }) => length <= maxTextLength)
}

function readTrackSpan(reader: WireReader, start: number, end: number): TrackSpan {
  const span: TrackSpan = {
    traceId: 0,
    spanId: 0,
    startTime: -1,
    endTime: -1,
    isError: false,
    statusMessage: noText,
    name: undefined,
    sessionId: noText,
    userId: noText,
    metadata: [],
  }
  reader.pos = start
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 74) readAttribute(reader, reader.length(end), span)
    else if (tag === 122) readStatus(reader, reader.length(end), span)
    else {
      const fieldStart = reader.pos
      reader.skip(tag, end)
      if (tag === 10) span.traceId = reader.pos - 16
      else if (tag === 18) span.spanId = reader.pos - 8
      else if (tag === 57) span.startTime = fieldStart
      else if (tag === 65) span.endTime = fieldStart
    }
  }
  return span
}

const keys = { name: Buffer.from(EVENT_NAME), session: Buffer.from(SESSION_ID), user: Buffer.from(USER_ID) }
const metadataPrefix = Buffer.from(METADATA_PREFIX)

function readAttribute(reader: WireReader, end: number, span: TrackSpan): void {
  let keyStart = 0
  let keyEnd = 0
  let valueStart = end
  let valueEnd = end
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) {
      keyEnd = reader.length(end)
      keyStart = reader.pos
      reader.pos = keyEnd
    } else if (tag === 18) {
      valueEnd = reader.length(end)
      valueStart = reader.pos
      reader.pos = valueEnd
    } else reader.skip(tag, end)
  }
  const { bytes } = reader
  if (startsWith(bytes, keyStart, keyEnd, metadataPrefix)) {
    addMetadatum(span.metadata, new RawText(bytes, keyStart + metadataPrefix.length, keyEnd), readText(bytes, valueStart, valueEnd))
  } else if (isKey(bytes, keyStart, keyEnd, keys.session)) span.sessionId = readText(bytes, valueStart, valueEnd)
  else if (isKey(bytes, keyStart, keyEnd, keys.user)) span.userId = readText(bytes, valueStart, valueEnd)
  else if (isKey(bytes, keyStart, keyEnd, keys.name))
    span.name = bytes[valueStart] === stringTag ? readText(bytes, valueStart, valueEnd) : undefined
}

/** Later keys win. */
function addMetadatum(metadata: RawMetadatum[], key: RawText, value: RawText): void {
  const known = metadata.find(({ rawKey }) => rawKey.equals(key))
  if (known === undefined) metadata.push(new RawMetadatum(key, value))
  else known.value = value
}

const stringTag = 10

/** An AnyValue as text: a string where it stands, any other value as attributes are written. */
function readText(bytes: Buffer, start: number, end: number): RawText {
  const reader = new WireReader(bytes, start)
  if (start < end && bytes[start] === stringTag) {
    reader.pos++
    const textEnd = reader.length(end)
    if (textEnd === end) return new RawText(bytes, reader.pos, textEnd)
    reader.pos = start
  }
  return new RawText(Buffer.from(toText(readAnyValue(reader, end))))
}

function readStatus(reader: WireReader, end: number, span: TrackSpan): void {
  span.isError = false
  span.statusMessage = noText
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 18) {
      const textEnd = reader.length(end)
      span.statusMessage = new RawText(reader.bytes, reader.pos, textEnd)
      reader.pos = textEnd
    } else if (tag === 24) span.isError = reader.varint(end) === 2
    else reader.skip(tag, end)
  }
}

function isKey(bytes: Buffer, start: number, end: number, key: Buffer): boolean {
  return end - start === key.length && startsWith(bytes, start, end, key)
}

function startsWith(bytes: Buffer, start: number, end: number, prefix: Buffer): boolean {
  if (end - start < prefix.length) return false
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false
  return true
}

/** Field for field what encodePart writes. */
function writeEvent(writer: WireWriter, body: Buffer, span: TrackSpan, dimension: RawMetadatum, rank: number): void {
  const { traceId, spanId, startTime, sessionId } = span
  const start = writer.begin(entryEventsField)
  writer.hex(eventField.eventId, body, spanId, spanId + 8)
  if (sessionId.sizeBytes > 0) writer.copied(eventField.sessionId, sessionId).string(eventField.sessionSource, SESSION_ID)
  else writer.hex(eventField.sessionId, body, traceId, traceId + 16).string(eventField.sessionSource, 'trace')
  writer
    .copied(eventField.userId, span.userId)
    .copied(eventField.name, span.name ?? noText)
    .copied(eventField.dimension, dimension.rawKey)
    .uint(eventField.dimensionRank, rank)
    .copied(eventField.text, dimension.value)
  for (const { rawKey, value } of span.metadata) writer.copiedPair(eventField.fields, rawKey, value)
  writer
    .double(eventField.latencyMs, latencyMs(body, span))
    .uint(eventField.isError, span.isError ? 1 : 0)
    .copied(eventField.statusMessage, span.statusMessage)
    .hex(eventField.traceId, body, traceId, traceId + 16)
    .hex(eventField.spanId, body, spanId, spanId + 8)
  if (startTime >= 0) writer.varint(eventField.timeUnixNano * 8 + 1).range(body, startTime, startTime + 8)
  writer.string(eventField.role, 'track').uint(eventField.textLength, dimension.length).end(start)
}

/** In two halves, since the nanoseconds since 1970 are no exact number. */
function latencyMs(body: Buffer, { startTime, endTime }: TrackSpan): number {
  if (startTime < 0 || endTime < 0) return 0
  const high = body.readUInt32LE(endTime + 4) - body.readUInt32LE(startTime + 4)
  return Math.max(0, (high * 2 ** 32 + body.readUInt32LE(endTime) - body.readUInt32LE(startTime)) / 1e6)
}
