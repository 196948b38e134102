/** The events of track spans, made from the spans' bytes: what partsOfTrackSpan (track-span.ts) and encodePart make, without objects. */
import { EVENT_NAME, METADATA_PREFIX, SESSION_ID, USER_ID } from '@turret/exporter/attributes'
import { RawText } from '../wire/raw-text.ts'
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

/** Keeps its memory from span to span and from request to request. */
export class TrackEncoder {
  private readonly writer = new WireWriter(256 * 1024)
  private readonly span = new TrackSpan()

  /**
   * @param body ExportTraceServiceRequest in protobuf
   * @param spans offsets in `body` at which each track span begins and ends
   */
  encode(body: Buffer, spans: readonly number[], texts: TextFields): TrackedEvents {
    const reader = new WireReader(body)
    const left: CandidateSpan[] = []
    const { span, writer } = this
    let events = 0
    writer.reset()
    for (let i = 0; i < spans.length; i += 2) {
      span.clear()
      readTrackSpan(reader, spans[i]!, spans[i + 1]!, span)
      if (isOrdinary(span)) {
        const dimensions = textsAmong(span.metadata, texts)
        for (let rank = 0; rank < dimensions.length; rank++) writeEvent(writer, body, span, dimensions[rank]!, rank)
        events += dimensions.length
      } else {
        reader.pos = spans[i]!
        left.push(decodeSpan(reader, spans[i + 1]!, createAttributes(), ''))
      }
    }
    return { encoded: writer.finish(), events, left }
  }
}

/** A metadata attribute where it stands. */
class RawMetadatum implements Metadatum {
  key = ''
  readonly rawKey = new RawText()
  readonly value = new RawText()

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

/** A track span, its fields by their offsets: one object for all spans, one after the other. */
class TrackSpan {
  /** 16 bytes. */
  traceId = 0
  /** 8 bytes. */
  spanId = 0
  /** 8 bytes, as those of the end; −1: absent. */
  startTime = -1
  endTime = -1
  isError = false
  /** false: the name is absent, or no string. */
  hasName = false
  readonly name = new RawText()
  readonly statusMessage = new RawText()
  readonly sessionId = new RawText()
  readonly userId = new RawText()
  readonly metadata: RawMetadatum[] = []
  private readonly spare: RawMetadatum[] = []
  private readonly keyNames = new KeyNames()

  clear(): void {
    this.startTime = -1
    this.endTime = -1
    this.isError = false
    this.hasName = false
    for (const text of [this.name, this.statusMessage, this.sessionId, this.userId]) text.clear()
    this.metadata.length = 0
  }

  /** The value of a key, to be set; later keys win. */
  valueOf(bytes: Buffer, keyStart: number, keyEnd: number): RawText {
    const count = this.metadata.length
    const item = (this.spare[count] ??= new RawMetadatum())
    item.rawKey.set(bytes, keyStart, keyEnd)
    for (const known of this.metadata) if (known.rawKey.equals(item.rawKey)) return known.value
    item.key = this.keyNames.textOf(item.rawKey)
    this.metadata.push(item)
    return item.value
  }
}

/** Keys come again with every span, so that few of them have to be decoded. */
class KeyNames {
  private readonly slots: (RawText | undefined)[] = Array.from({ length: 256 })

  textOf(key: RawText): string {
    const { bytes, start, end, sizeBytes } = key
    if (sizeBytes === 0) return ''
    const slot = (bytes[start]! * 31 + bytes[end - 1]! * 7 + sizeBytes) & 0xff
    const known = this.slots[slot]
    if (known?.equals(key) === true) return known.text
    const kept = new RawText(Buffer.from(bytes.subarray(start, end)))
    this.slots[slot] = kept
    return kept.text
  }
}

function isOrdinary({ hasName, metadata }: TrackSpan): boolean {
  if (!hasName) return false
  for (const { length } of metadata) if (length > maxTextLength) return false
  return true
}

function readTrackSpan(reader: WireReader, start: number, end: number, span: TrackSpan): void {
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
    readText(bytes, valueStart, valueEnd, span.valueOf(bytes, keyStart + metadataPrefix.length, keyEnd))
  } else if (isKey(bytes, keyStart, keyEnd, keys.session)) readText(bytes, valueStart, valueEnd, span.sessionId)
  else if (isKey(bytes, keyStart, keyEnd, keys.user)) readText(bytes, valueStart, valueEnd, span.userId)
  else if (isKey(bytes, keyStart, keyEnd, keys.name)) {
    span.hasName = bytes[valueStart] === stringTag
    readText(bytes, valueStart, valueEnd, span.name)
  }
}

const stringTag = 10

/** An AnyValue as text: a string where it stands, any other value as attributes are written. */
function readText(bytes: Buffer, start: number, end: number, into: RawText): void {
  const reader = new WireReader(bytes, start)
  if (start < end && bytes[start] === stringTag) {
    reader.pos++
    const textEnd = reader.length(end)
    if (textEnd === end) {
      into.set(bytes, reader.pos, textEnd)
      return
    }
    reader.pos = start
  }
  const text = Buffer.from(toText(readAnyValue(reader, end)))
  into.set(text, 0, text.length)
}

function readStatus(reader: WireReader, end: number, span: TrackSpan): void {
  span.isError = false
  span.statusMessage.clear()
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 18) {
      const textEnd = reader.length(end)
      span.statusMessage.set(reader.bytes, reader.pos, textEnd)
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

/** What many events hold, encoded once. */
const named = { sessionId: new RawText(keys.session), trace: new RawText(Buffer.from('trace')), track: new RawText(Buffer.from('track')) }

/** Field for field what encodePart writes. */
function writeEvent(writer: WireWriter, body: Buffer, span: TrackSpan, dimension: RawMetadatum, rank: number): void {
  const { traceId, spanId, startTime, sessionId } = span
  const start = writer.begin(entryEventsField)
  writer.hex(eventField.eventId, body, spanId, spanId + 8)
  if (sessionId.sizeBytes > 0) writer.copied(eventField.sessionId, sessionId).copied(eventField.sessionSource, named.sessionId)
  else writer.hex(eventField.sessionId, body, traceId, traceId + 16).copied(eventField.sessionSource, named.trace)
  writer
    .copied(eventField.userId, span.userId)
    .copied(eventField.name, span.name)
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
  writer.copied(eventField.role, named.track).uint(eventField.textLength, dimension.length).end(start)
}

/** In two halves, since the nanoseconds since 1970 are no exact number. */
function latencyMs(body: Buffer, { startTime, endTime }: TrackSpan): number {
  if (startTime < 0 || endTime < 0) return 0
  const high = body.readUInt32LE(endTime + 4) - body.readUInt32LE(startTime + 4)
  return Math.max(0, (high * 2 ** 32 + body.readUInt32LE(endTime) - body.readUInt32LE(startTime)) / 1e6)
}
