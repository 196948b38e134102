/** OTLP/JSON to OTLP/protobuf, so that everything behind the receiver knows one form. */
import { type ParseError, parse as parseTolerant } from 'jsonc-parser'
import { CollectorError } from '../errors.ts'
import { WireWriter } from '../wire/writer.ts'

/** How a JSON member becomes a protobuf field. */
type Member =
  | { readonly field: number; readonly kind: 'string' | 'id' | 'fixed64' | 'fixed32' | 'uint' | 'anyValue' }
  | { readonly field: number; readonly kind: 'message' | 'messages'; readonly of: Message }
type Message = { readonly [member: string]: Member }

const keyValue: Message = { key: { field: 1, kind: 'string' }, value: { field: 2, kind: 'anyValue' } }
const attributes = (field: number): Member => ({ field, kind: 'messages', of: keyValue })
const resource: Member = { field: 1, kind: 'message', of: { attributes: attributes(1) } }
const scope: Member = {
  field: 1,
  kind: 'message',
  of: { name: { field: 1, kind: 'string' }, version: { field: 2, kind: 'string' }, attributes: attributes(3) },
}

const span: Message = {
  traceId: { field: 1, kind: 'id' },
  spanId: { field: 2, kind: 'id' },
  traceState: { field: 3, kind: 'string' },
  parentSpanId: { field: 4, kind: 'id' },
  name: { field: 5, kind: 'string' },
  kind: { field: 6, kind: 'uint' },
  startTimeUnixNano: { field: 7, kind: 'fixed64' },
  endTimeUnixNano: { field: 8, kind: 'fixed64' },
  attributes: attributes(9),
  events: {
    field: 11,
    kind: 'messages',
    of: { timeUnixNano: { field: 1, kind: 'fixed64' }, name: { field: 2, kind: 'string' }, attributes: attributes(3) },
  },
  links: {
    field: 13,
    kind: 'messages',
    of: {
      traceId: { field: 1, kind: 'id' },
      spanId: { field: 2, kind: 'id' },
      traceState: { field: 3, kind: 'string' },
      attributes: attributes(4),
    },
  },
  status: { field: 15, kind: 'message', of: { message: { field: 2, kind: 'string' }, code: { field: 3, kind: 'uint' } } },
}

const logRecord: Message = {
  timeUnixNano: { field: 1, kind: 'fixed64' },
  severityNumber: { field: 2, kind: 'uint' },
  severityText: { field: 3, kind: 'string' },
  body: { field: 5, kind: 'anyValue' },
  attributes: attributes(6),
  flags: { field: 8, kind: 'fixed32' },
  traceId: { field: 9, kind: 'id' },
  spanId: { field: 10, kind: 'id' },
  observedTimeUnixNano: { field: 11, kind: 'fixed64' },
  eventName: { field: 12, kind: 'string' },
}

const requests = {
  traces: {
    resourceSpans: {
      field: 1,
      kind: 'messages',
      of: { resource, scopeSpans: { field: 2, kind: 'messages', of: { scope, spans: { field: 2, kind: 'messages', of: span } } } },
    },
  },
  logs: {
    resourceLogs: {
      field: 1,
      kind: 'messages',
      of: {
        resource,
        scopeLogs: {
          field: 2,
          kind: 'messages',
          of: { scope, logRecords: { field: 2, kind: 'messages', of: logRecord }, schemaUrl: { field: 3, kind: 'string' } },
        },
        schemaUrl: { field: 3, kind: 'string' },
      },
    },
  },
} as const satisfies Record<string, Message>

/** 64-bit numbers that senders wrote without quotes: JSON.parse would round them. Inside a string the quote is escaped. */
const unquotedInt64 = /([{,]\s*"(?:intValue|\w*[uU]nixNano)"\s*:\s*)(-?\d{16,20})(?=\s*[,}])/g

const maxDepth = 64

/**
 * Encodes an OTLP/JSON request. Unknown members are ignored, names are lowerCamelCase only, ids are hex in any case.
 * @throws CollectorError INVALID_REQUEST naming the member, or the position of a syntax error
 * Source: opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding".
 */
export function encodeOtlpJson(body: Buffer, signal: keyof typeof requests): Buffer {
  const root = parseJson(body.toString('utf8').replace(unquotedInt64, '$1"$2"'))
  const writer = new WireWriter(body.length)
  writeMessage(writer, requests[signal], asObject(root, 'the request'), '', 0)
  return writer.finish()
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

function writeMessage(writer: WireWriter, message: Message, value: Record<string, unknown>, path: string, depth: number): void {
  for (const [name, member] of Object.entries(message)) {
    const inner = value[name]
    if (inner === undefined || inner === null) continue
    writeMember(writer, member, inner, path === '' ? name : `${path}.${name}`, depth)
  }
}

function writeMember(writer: WireWriter, member: Member, value: unknown, path: string, depth: number): void {
  switch (member.kind) {
    case 'string':
      if (typeof value !== 'string') throw fault(path, 'a string', value)
      writer.string(member.field, value)
      return
    case 'id':
      if (typeof value !== 'string' || !/^([0-9a-fA-F]{2})*$/.test(value)) throw fault(path, 'hex digits', value)
      if (value !== '') writer.bytes(member.field, Buffer.from(value, 'hex'))
      return
    case 'fixed64':
      writer.fixed64(member.field, toInteger(value, path))
      return
    case 'fixed32':
      writer.fixed32(member.field, Number(BigInt.asUintN(32, toInteger(value, path))))
      return
    case 'uint':
      writer.uint(member.field, Number(BigInt.asUintN(31, toInteger(value, path))))
      return
    case 'anyValue':
      writer.bytes(member.field, encodeAnyValue(value, path, depth))
      return
    case 'message': {
      const nested = new WireWriter(256)
      writeMessage(nested, member.of, asObject(value, path), path, depth + 1)
      writer.bytes(member.field, nested.finish())
      return
    }
    case 'messages':
      for (const [i, item] of asArray(value, path).entries()) {
        const nested = new WireWriter(256)
        writeMessage(nested, member.of, asObject(item, `${path}[${i}]`), `${path}[${i}]`, depth + 1)
        writer.bytes(member.field, nested.finish())
      }
  }
}

function encodeAnyValue(value: unknown, path: string, depth: number): Buffer {
  if (depth > maxDepth) throw new CollectorError('INVALID_REQUEST', `${path}: nested deeper than ${maxDepth} levels`)
  const writer = new WireWriter(128)
  const any = asObject(value, path)
  if (typeof any['stringValue'] === 'string') writer.present(1, any['stringValue'])
  else if (typeof any['boolValue'] === 'boolean') writer.varint(16).varint(any['boolValue'] ? 1 : 0)
  else if (any['intValue'] !== undefined) writer.int64(3, toInteger(any['intValue'], `${path}.intValue`))
  else if (any['doubleValue'] !== undefined) writer.double(4, toDouble(any['doubleValue'], `${path}.doubleValue`))
  else if (typeof any['bytesValue'] === 'string') writer.bytes(7, Buffer.from(any['bytesValue'], 'base64'))
  else if (any['arrayValue'] !== undefined) {
    const array = new WireWriter(128)
    for (const item of asArray(asObject(any['arrayValue'], path)['values'] ?? [], path))
      array.bytes(1, encodeAnyValue(item, path, depth + 1))
    writer.bytes(5, array.finish())
  } else if (any['kvlistValue'] !== undefined) {
    const list = new WireWriter(128)
    writeMember(list, attributes(1), asObject(any['kvlistValue'], path)['values'] ?? [], path, depth + 1)
    writer.bytes(6, list.finish())
  }
  return writer.finish()
}

function toInteger(value: unknown, path: string): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  throw fault(path, 'an integer', value)
}

function toDouble(value: unknown, path: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number === 'number' && (!Number.isNaN(number) || value === 'NaN')) return number
  throw fault(path, 'a number', value)
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault(path, 'an object', value)
  return value as Record<string, unknown>
}

function asArray(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw fault(path, 'an array', value)
  return value
}

function fault(path: string, expected: string, value: unknown): CollectorError {
  const came = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
  return new CollectorError('INVALID_REQUEST', `${path}: expected ${expected}, got ${came}`)
}
