/** Reads an OTLP trace request once: checks it, counts its spans, and decodes only the spans that may hold a user's text. */
import { WireReader } from '../wire/reader.ts'
import { rewrite, spansShape, tracesShape } from '../wire/rewrite.ts'
import { type Attributes, createAttributes, readKeyValue } from '../wire/value.ts'
import { type CandidateSpan, type KeyKind, keyKind, kindOfKey } from './candidate.ts'
import { decodeSpan } from './decode-span.ts'

/** What one request holds. */
export interface TraceScan {
  /** The request as it goes to the spool: unchanged unless spans were refused or attributes are arrays, maps or bytes. */
  readonly body: Buffer
  /** The request as others should get it: unchanged unless spans were refused. */
  readonly sent: Buffer
  /** Spans in `body`. */
  readonly spans: number
  readonly candidates: readonly CandidateSpan[]
  /** Track spans, where `skipsTrackSpans`: the offsets in the scanned bytes at which each begins and ends. */
  readonly tracked: readonly number[]
  readonly rejected: number
  /** Why, once per kind of fault; English, for the sender. */
  readonly rejections: readonly string[]
}

interface State {
  readonly reader: WireReader
  readonly candidates: CandidateSpan[]
  readonly tracked: number[]
  readonly skipsTrackSpans: boolean
  readonly drop: Set<number>
  readonly rejections: Map<string, number>
  spans: number
  /** An attribute somewhere is an array, a map or bytes. */
  hasStructuredValues: boolean
}

export interface ScanOptions {
  /** Leave track spans as bytes: their events can be made without decoding them (extract/track-bytes.ts). */
  readonly skipsTrackSpans?: boolean
}

/**
 * @param body ExportTraceServiceRequest in protobuf
 * @throws WireError when the bytes are not one; nothing of the request is kept then
 * Cost: one pass, no allocation for spans that are not candidates. Source: opentelemetry-proto trace/v1/trace.proto.
 */
export function scanTraces(body: Buffer, { skipsTrackSpans = false }: ScanOptions = {}): TraceScan {
  const state: State = {
    reader: new WireReader(body),
    candidates: [],
    tracked: [],
    skipsTrackSpans,
    drop: new Set(),
    rejections: new Map(),
    spans: 0,
    hasStructuredValues: false,
  }
  const { reader } = state
  while (reader.pos < body.length) {
    const tag = reader.tag(body.length)
    if (tag === 10) scanResourceSpans(state, reader.length(body.length))
    else reader.skip(tag, body.length)
  }
  const changed = state.drop.size > 0 || state.hasStructuredValues
  return {
    body: changed ? rewrite(body, tracesShape, state.drop) : body,
    sent: state.drop.size > 0 ? rewrite(body, spansShape, state.drop) : body,
    spans: state.spans,
    candidates: state.candidates,
    tracked: state.tracked,
    rejected: state.drop.size,
    rejections: [...state.rejections].map(([reason, count]) => `${count} ${count === 1 ? 'span' : 'spans'}: ${reason}`),
  }
}

/** The resource may stand behind its spans, so its place is found first. */
function scanResourceSpans(state: State, end: number): void {
  const { reader } = state
  const start = reader.pos
  const resource = createAttributes()
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) readResource(state, reader.length(end), resource)
    else reader.skip(tag, end)
  }
  reader.pos = start
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 18) scanScopeSpans(state, reader.length(end), resource)
    else reader.skip(tag, end)
  }
}

function readResource(state: State, end: number, into: Attributes): void {
  const { reader } = state
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) {
      const attributeEnd = reader.length(end)
      readKeyValue(reader, attributeEnd, into)
    } else reader.skip(tag, end)
  }
  if (Object.values(into).some((value) => typeof value === 'object' && value !== null)) state.hasStructuredValues = true
}

function scanScopeSpans(state: State, end: number, resource: Attributes): void {
  const { reader } = state
  const start = reader.pos
  let scope = ''
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) scope = readScopeName(reader, reader.length(end))
    else reader.skip(tag, end)
  }
  reader.pos = start
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 18) scanSpan(state, reader.length(end), resource, scope)
    else reader.skip(tag, end)
  }
}

function readScopeName(reader: WireReader, end: number): string {
  let name = ''
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) name = reader.string(end)
    else reader.skip(tag, end)
  }
  return name
}

/** Checks one span; only a span with a candidate key is read a second time and decoded. */
function scanSpan(state: State, end: number, resource: Attributes, scope: string): void {
  const { reader } = state
  const start = reader.pos
  let traceIdBytes = 0
  let spanIdBytes = 0
  let kind: KeyKind = keyKind.other
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 74) kind = Math.max(kind, scanAttribute(state, reader.length(end))) as KeyKind
    else if (tag === 10 || tag === 18) {
      const idEnd = reader.length(end)
      const sizeBytes = isAllZero(reader.bytes, reader.pos, idEnd) ? 0 : idEnd - reader.pos
      if (tag === 10) traceIdBytes = sizeBytes
      else spanIdBytes = sizeBytes
      reader.pos = idEnd
    } else if (tag === 90) scanNestedAttributes(state, reader.length(end), 26)
    else if (tag === 106) scanNestedAttributes(state, reader.length(end), 34)
    else reader.skip(tag, end)
  }
  const fault =
    traceIdBytes !== 16
      ? 'trace_id must be 16 bytes, not all zero'
      : spanIdBytes !== 8
        ? 'span_id must be 8 bytes, not all zero'
        : undefined
  if (fault !== undefined) {
    state.drop.add(start)
    state.rejections.set(fault, (state.rejections.get(fault) ?? 0) + 1)
    return
  }
  state.spans++
  if (kind === keyKind.other) return
  if (kind === keyKind.track && state.skipsTrackSpans) {
    state.tracked.push(start, end)
    return
  }
  reader.pos = start
  state.candidates.push(decodeSpan(reader, end, resource, scope))
}

/** Looks at a KeyValue without decoding it: what does its key say, is its value structured? */
function scanAttribute(state: State, end: number): KeyKind {
  const { reader } = state
  let kind: KeyKind = keyKind.other
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) {
      const keyEnd = reader.length(end)
      kind = kindOfKey(reader.bytes, reader.pos, keyEnd)
      reader.pos = keyEnd
    } else if (tag === 18) {
      const valueEnd = reader.length(end)
      while (reader.pos < valueEnd) {
        const valueTag = reader.tag(valueEnd)
        if (valueTag === 42 || valueTag === 50 || valueTag === 58) state.hasStructuredValues = true
        reader.skip(valueTag, valueEnd)
      }
    } else reader.skip(tag, end)
  }
  return kind
}

function scanNestedAttributes(state: State, end: number, attributesTag: number): void {
  const { reader } = state
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === attributesTag) scanAttribute(state, reader.length(end))
    else reader.skip(tag, end)
  }
}

function isAllZero(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false
  return true
}
