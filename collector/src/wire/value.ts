/** OTLP's AnyValue and attribute lists as JavaScript values. */
import { WireError, type WireReader } from './reader.ts'

/** An attribute's value; int64 beyond 2^53 stays exact as a bigint. */
export type AttributeValue = string | number | bigint | boolean | null | Uint8Array | AttributeValue[] | { [key: string]: AttributeValue }
export type Attributes = Record<string, AttributeValue>

/** An empty attribute list without a prototype: keys come from outside, `__proto__` is one like any other. */
export function createAttributes(): Attributes {
  return Object.create(null) as Attributes
}

const maxDepth = 64 // nesting of arrays and maps; JSON parsers of the field stop between 64 and 1000

/**
 * Decodes one AnyValue; `pos` is at its first byte.
 * @param end where the message ends
 * @throws WireError on malformed bytes and deeper than 64 levels
 */
export function readAnyValue(reader: WireReader, end: number, depth = 0): AttributeValue {
  if (depth > maxDepth) throw new WireError(`attribute nested deeper than ${maxDepth} levels`)
  let value: AttributeValue = null
  while (reader.pos < end) {
    const tag = reader.tag(end)
    switch (tag) {
      case 10:
        value = reader.string(end)
        break
      case 16:
        value = reader.varint(end) !== 0
        break
      case 24:
        value = toNumberIfExact(reader.int64(end))
        break
      case 33:
        value = reader.double(end)
        break
      case 42:
        value = readArray(reader, reader.length(end), depth)
        break
      case 50:
        value = readKeyValues(reader, reader.length(end), 10, depth)
        break
      case 58: {
        const bytesEnd = reader.length(end)
        value = Uint8Array.from(reader.bytes.subarray(reader.pos, bytesEnd))
        reader.pos = bytesEnd
        break
      }
      default:
        reader.skip(tag, end)
    }
  }
  return value
}

/**
 * Decodes one KeyValue into `into`; later keys win.
 * @param end where the KeyValue ends
 */
export function readKeyValue(reader: WireReader, end: number, into: Attributes, depth = 0): void {
  let key = ''
  let value: AttributeValue = null
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) key = reader.string(end)
    else if (tag === 18) value = readAnyValue(reader, reader.length(end), depth)
    else reader.skip(tag, end)
  }
  into[key] = value
}

/** An attribute value as text: strings as they are, everything else as JSON, bytes as base64. This is how ClickHouse stores it. */
export function toText(value: AttributeValue): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'object') return JSON.stringify(value, replaceForJson)
  return String(value)
}

function readArray(reader: WireReader, end: number, depth: number): AttributeValue[] {
  const values: AttributeValue[] = []
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) values.push(readAnyValue(reader, reader.length(end), depth + 1))
    else reader.skip(tag, end)
  }
  return values
}

function readKeyValues(reader: WireReader, end: number, listTag: number, depth: number): Attributes {
  const attributes = createAttributes()
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === listTag) readKeyValue(reader, reader.length(end), attributes, depth + 1)
    else reader.skip(tag, end)
  }
  return attributes
}

function toNumberIfExact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function replaceForJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return value
}
