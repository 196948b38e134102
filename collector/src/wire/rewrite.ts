/** Copies a protobuf message while dropping some nested messages and turning rare attribute values into JSON strings. */
import { WireReader, wireType } from './reader.ts'
import { readAnyValue, toText } from './value.ts'
import { WireWriter } from './writer.ts'

/** Which fields (by tag) hold nested messages worth entering. `anyValue` marks an OTLP AnyValue. */
export type Shape = { readonly [tag: number]: Shape | 'anyValue' }

const keyValue: Shape = { 18: 'anyValue' }
const resource: Shape = { 10: keyValue }
const scope: Shape = { 26: keyValue }

/** ExportTraceServiceRequest. Source: opentelemetry-proto trace/v1/trace.proto. */
export const tracesShape: Shape = {
  10: { 10: resource, 18: { 10: scope, 18: { 74: keyValue, 90: { 26: keyValue }, 106: { 34: keyValue } } } },
}

/** ExportTraceServiceRequest down to its spans, which stay as they are. */
export const spansShape: Shape = { 10: { 18: { 18: {} } } }

/** ExportLogsServiceRequest. Source: opentelemetry-proto logs/v1/logs.proto. */
export const logsShape: Shape = { 10: { 10: resource, 18: { 10: scope, 18: { 42: 'anyValue', 50: keyValue } } } }

/**
 * Rewrites a message that was read without error before.
 * @param drop offsets (in `bytes`) of nested messages to leave out
 */
export function rewrite(bytes: Buffer, shape: Shape, drop: ReadonlySet<number>): Buffer {
  const writer = new WireWriter(bytes.length + 1024)
  copyMessage(new WireReader(bytes), bytes.length, shape, drop, writer)
  return writer.finish()
}

function copyMessage(reader: WireReader, end: number, shape: Shape, drop: ReadonlySet<number>, writer: WireWriter): void {
  while (reader.pos < end) {
    const fieldStart = reader.pos
    const tag = reader.tag(end)
    const inner = (tag & 7) === wireType.length ? shape[tag] : undefined
    if (inner === undefined) {
      reader.skip(tag, end)
      writer.raw(reader.bytes.subarray(fieldStart, reader.pos))
      continue
    }
    const innerEnd = reader.length(end)
    if (drop.has(reader.pos)) {
      reader.pos = innerEnd
      continue
    }
    const copy = new WireWriter(innerEnd - reader.pos + 64)
    if (inner === 'anyValue') copyAnyValue(reader, innerEnd, copy)
    else copyMessage(reader, innerEnd, inner, drop, copy)
    writer.bytes(tag >>> 3, copy.finish())
  }
}

/** Scalars stay as they are; arrays, maps and bytes become the JSON text that ClickHouse's attribute maps hold. */
function copyAnyValue(reader: WireReader, end: number, writer: WireWriter): void {
  const start = reader.pos
  const value = readAnyValue(reader, end)
  if (typeof value === 'object' && value !== null) writer.present(1, toText(value))
  else writer.raw(reader.bytes.subarray(start, end))
}
