/** Reads an OTLP log request once: checks it, counts its records, decodes those that GenAI instrumentations sent. */
import { WireReader } from '../wire/reader.ts'
import { logsShape, rewrite } from '../wire/rewrite.ts'
import { type AttributeValue, type Attributes, createAttributes, readKeyValue } from '../wire/value.ts'
import type { CandidateLog } from './candidate.ts'
import { decodeLog } from './decode-log.ts'
import { isGenAiLog } from './genai/genai-log.ts'

/** What one request holds. */
export interface LogScan {
  /** The request as it goes to the spool: bodies and attributes that are arrays, maps or bytes are JSON text. */
  readonly body: Buffer
  readonly records: number
  readonly candidates: readonly CandidateLog[]
}

/**
 * @param body ExportLogsServiceRequest in protobuf
 * @throws WireError when the bytes are not one; nothing of the request is kept then
 * Source: opentelemetry-proto logs/v1/logs.proto.
 */
export function scanLogs(body: Buffer): LogScan {
  const reader = new WireReader(body)
  const candidates: CandidateLog[] = []
  const seen = { records: 0, structured: false }
  while (reader.pos < body.length) {
    const tag = reader.tag(body.length)
    if (tag === 10) scanResourceLogs(reader, reader.length(body.length), candidates, seen)
    else reader.skip(tag, body.length)
  }
  return { body: seen.structured ? rewrite(body, logsShape, new Set()) : body, records: seen.records, candidates }
}

interface Seen {
  records: number
  structured: boolean
}

function scanResourceLogs(reader: WireReader, end: number, candidates: CandidateLog[], seen: Seen): void {
  const resource = createAttributes()
  const scopes: [number, number][] = []
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag !== 10 && tag !== 18) {
      reader.skip(tag, end)
      continue
    }
    const fieldEnd = reader.length(end)
    if (tag === 10) readAttributes(reader, fieldEnd, 10, resource)
    else scopes.push([reader.pos, fieldEnd])
    reader.pos = fieldEnd
  }
  if (isStructured(Object.values(resource))) seen.structured = true
  for (const [start, scopeEnd] of scopes) {
    reader.pos = start
    scanScopeLogs(reader, scopeEnd, resource, candidates, seen)
  }
  reader.pos = end
}

function scanScopeLogs(reader: WireReader, end: number, resource: Attributes, candidates: CandidateLog[], seen: Seen): void {
  let scope = ''
  const scopeAttributes = createAttributes()
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) {
      const scopeEnd = reader.length(end)
      while (reader.pos < scopeEnd) {
        const inner = reader.tag(scopeEnd)
        if (inner === 10) scope = reader.string(scopeEnd)
        else if (inner === 26) readKeyValue(reader, reader.length(scopeEnd), scopeAttributes)
        else reader.skip(inner, scopeEnd)
      }
      if (isStructured(Object.values(scopeAttributes))) seen.structured = true
    } else if (tag === 18) {
      const record = decodeLog(reader, reader.length(end), resource, scope)
      seen.records++
      if (isStructured([record.body, ...Object.values(record.attributes)])) seen.structured = true
      if (isGenAiLog(record)) candidates.push(record)
    } else reader.skip(tag, end)
  }
}

function readAttributes(reader: WireReader, end: number, listTag: number, into: Attributes): void {
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === listTag) readKeyValue(reader, reader.length(end), into)
    else reader.skip(tag, end)
  }
}

function isStructured(values: readonly AttributeValue[]): boolean {
  return values.some((value) => typeof value === 'object' && value !== null)
}
