/** OTLP/JSON to OTLP/protobuf, so that everything behind the receiver knows one form. */
import { type ParseError, parse as parseTolerant } from 'jsonc-parser'
import { CollectorError } from '../errors.ts'
import { WireWriter } from '../wire/writer.ts'

/** How a JSON member becomes a protobuf field. */
type Member = { readonly name: string; readonly field: number } & (
  | { readonly kind: 'string' | 'id' | 'fixed64' | 'fixed32' | 'uint' | 'anyValue' }
  | { readonly kind: 'message' | 'messages'; readonly of: Message }
)
type Message = readonly Member[]

const one = (name: string, field: number, of: Message): Member => ({ name, field, kind: 'message', of })
const many = (name: string, field: number, of: Message): Member => ({ name, field, kind: 'messages', of })
const keyValue: Message = [
  { name: 'key', field: 1, kind: 'string' },
  { name: 'value', field: 2, kind: 'anyValue' },
]
const attributes = (field: number): Member => many('attributes', field, keyValue)
const resource = one('resource', 1, [attributes(1)])
const scope = one('scope', 1, [{ name: 'name', field: 1, kind: 'string' }, { name: 'version', field: 2, kind: 'string' }, attributes(3)])
const schemaUrl: Member = { name: 'schemaUrl', field: 3, kind: 'string' }

const span: Message = [
  { name: 'traceId', field: 1, kind: 'id' },
  { name: 'spanId', field: 2, kind: 'id' },
  { name: 'traceState', field: 3, kind: 'string' },
  { name: 'parentSpanId', field: 4, kind: 'id' },
  { name: 'name', field: 5, kind: 'string' },
  { name: 'kind', field: 6, kind: 'uint' },
  { name: 'startTimeUnixNano', field: 7, kind: 'fixed64' },
  { name: 'endTimeUnixNano', field: 8, kind: 'fixed64' },
  attributes(9),
  many('events', 11, [{ name: 'timeUnixNano', field: 1, kind: 'fixed64' }, { name: 'name', field: 2, kind: 'string' }, attributes(3)]),
  many('links', 13, [
    { name: 'traceId', field: 1, kind: 'id' },
    { name: 'spanId', field: 2, kind: 'id' },
    { name: 'traceState', field: 3, kind: 'string' },
    attributes(4),
  ]),
  one('status', 15, [
    { name: 'message', field: 2, kind: 'string' },
    { name: 'code', field: 3, kind: 'uint' },
  ]),
]

const logRecord: Message = [
  { name: 'timeUnixNano', field: 1, kind: 'fixed64' },
  { name: 'severityNumber', field: 2, kind: 'uint' },
  { name: 'severityText', field: 3, kind: 'string' },
  { name: 'body', field: 5, kind: 'anyValue' },
  attributes(6),
  { name: 'flags', field: 8, kind: 'fixed32' },
  { name: 'traceId', field: 9, kind: 'id' },
  { name: 'spanId', field: 10, kind: 'id' },
  { name: 'observedTimeUnixNano', field: 11, kind: 'fixed64' },
  { name: 'eventName', field: 12, kind: 'string' },
]

const requests: Readonly<Record<'traces' | 'logs', Message>> = {
  traces: [many('resourceSpans', 1, [resource, many('scopeSpans', 2, [scope, many('spans', 2, span)])])],
  logs: [many('resourceLogs', 1, [resource, many('scopeLogs', 2, [scope, many('logRecords', 2, logRecord), schemaUrl]), schemaUrl])],
}

/** 64-bit numbers that senders wrote without quotes: JSON.parse would round them. Inside a string the quote is escaped. */
const unquotedInt64 = /([{,]\s*"(?:intValue|\w*[uU]nixNano)"\s*:\s*)(-?\d{16,20})(?=\s*[,}])/g
const longNumber = /[:\s]-?\d{16}/ // is in every such text, and in few others

const maxDepth = 64

/**
 * Encodes an OTLP/JSON request. Unknown members are ignored, names are lowerCamelCase only, ids are hex in any case.
 * @throws CollectorError INVALID_REQUEST naming the member, or the position of a syntax error
 * Source: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding".
 */
export function encodeOtlpJson(body: Buffer, signal: keyof typeof requests): Buffer {
  const text = body.toString('utf8')
  const root = parseJson(longNumber.test(text) ? text.replace(unquotedInt64, '$1"$2"') : text)
  const writer = new WireWriter(body.length)
  try {
    writeMessage(writer, requests[signal], asObject(root), 0)
  } catch (error) {
    if (!(error instanceof MemberFault)) throw error
    throw new CollectorError('INVALID_REQUEST', `${error.path === '' ? 'the request' : error.path}: ${error.message}`)
  }
  return writer.written
}

/** @throws CollectorError INVALID_REQUEST with the position and never the text around it */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new CollectorError('INVALID_REQUEST', `the body is not valid JSON: ${text.trim() === '' ? 'it is empty' : describeFault(text)}`)
  }
}

/** V8's own message quotes the text and often lacks the position, so a tolerant parser finds it. */
function describeFault(text: string): string {
  const faults: ParseError[] = []
  parseTolerant(text, faults, { disallowComments: true })
  const offset = faults[0]?.offset ?? text.length
  const before = text.slice(0, offset).split('\n')
  return `error at position ${offset} (line ${before.length}, column ${before.at(-1)!.length + 1})`
}

function writeMessage(writer: WireWriter, message: Message, value: Record<string, unknown>, depth: number): void {
  for (const member of message) {
    const inner = value[member.name]
    if (inner === undefined || inner === null) continue
    try {
      writeMember(writer, member, inner, depth)
    } catch (error) {
      throw within(member.name, error)
    }
  }
}

function writeMember(writer: WireWriter, member: Member, value: unknown, depth: number): void {
  const { field } = member
  switch (member.kind) {
    case 'string':
      if (typeof value !== 'string') throw fault('a string', value)
      writer.string(field, value)
      return
    case 'id':
      if (typeof value !== 'string' || !/^([0-9a-fA-F]{2})*$/.test(value)) throw fault('hex digits', value)
      if (value !== '') writer.unhex(field, value)
      return
    case 'fixed64':
      writer.fixed64(field, toInteger(value))
      return
    case 'fixed32':
      writer.fixed32(field, Number(BigInt.asUintN(32, toInteger(value))))
      return
    case 'uint':
      writer.uint(field, Number(BigInt.asUintN(31, toInteger(value))))
      return
    case 'anyValue':
      writeAnyValue(writer, field, value, depth)
      return
    case 'message':
      writeNested(writer, field, member.of, value, depth)
      return
    case 'messages':
      eachOf(value, (item) => writeNested(writer, field, member.of, item, depth))
  }
}

function writeNested(writer: WireWriter, field: number, message: Message, value: unknown, depth: number): void {
  const start = writer.begin(field)
  writeMessage(writer, message, asObject(value), depth + 1)
  writer.end(start)
}

function writeAnyValue(writer: WireWriter, field: number, value: unknown, depth: number): void {
  if (depth > maxDepth) throw new MemberFault(`nested deeper than ${maxDepth} levels`)
  const any = asObject(value)
  const start = writer.begin(field)
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = any
  if (typeof stringValue === 'string') writer.present(1, stringValue)
  else if (typeof boolValue === 'boolean') writer.varint(16).varint(boolValue ? 1 : 0)
  else if (intValue !== undefined) writer.int64(3, toInteger(intValue))
  else if (doubleValue !== undefined) writer.double(4, toDouble(doubleValue))
  else if (typeof bytesValue === 'string') writer.bytes(7, Buffer.from(bytesValue, 'base64'))
  else if (arrayValue !== undefined) {
    const array = writer.begin(5)
    eachOf(asObject(arrayValue)['values'] ?? [], (item) => writeAnyValue(writer, 1, item, depth + 1))
    writer.end(array)
  } else if (kvlistValue !== undefined) {
    const list = writer.begin(6)
    eachOf(asObject(kvlistValue)['values'] ?? [], (item) => writeNested(writer, 1, keyValue, item, depth))
    writer.end(list)
  }
  writer.end(start)
}

function toInteger(value: unknown): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  throw fault('an integer', value)
}

function toDouble(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number === 'number' && (!Number.isNaN(number) || value === 'NaN')) return number
  throw fault('a number', value)
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault('an object', value)
  return value as Record<string, unknown>
}

function eachOf(value: unknown, write: (item: unknown) => void): void {
  if (!Array.isArray(value)) throw fault('an array', value)
  for (let i = 0; i < value.length; i++) {
    try {
      write(value[i])
    } catch (error) {
      throw within(`[${i}]`, error)
    }
  }
}

/** A member is not what it should be. Its path grows on the way out: while all is well nobody has to know it. */
class MemberFault extends Error {
  override readonly name = 'MemberFault'
  path = ''
}

function within(name: string, error: unknown): unknown {
  if (error instanceof MemberFault)
    error.path = error.path === '' || error.path.startsWith('[') ? name + error.path : `${name}.${error.path}`
  return error
}

function fault(expected: string, value: unknown): MemberFault {
  const came = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
  return new MemberFault(`expected ${expected}, got ${came}`)
}
