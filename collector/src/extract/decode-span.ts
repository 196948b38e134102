/** Decodes one span whole; its bytes were checked before. Source: opentelemetry-proto trace/v1. */
import type { WireReader } from '../wire/reader.ts'
import { type Attributes, createAttributes, readKeyValue } from '../wire/value.ts'
import type { CandidateSpan } from './candidate.ts'

/** Decodes the Span at the reader's place, which ends at `end`. */
export function decodeSpan(reader: WireReader, end: number, resource: Attributes, scope: string): CandidateSpan {
  let traceId = ''
  let spanId = ''
  let parentSpanId = ''
  let name = ''
  let startTimeUnixNano = 0n
  let endTimeUnixNano = 0n
  let isError = false
  let statusMessage = ''
  const attributes = createAttributes()
  const events: { name: string; attributes: Attributes }[] = []
  while (reader.pos < end) {
    const tag = reader.tag(end)
    switch (tag) {
      case 10:
        traceId = readHex(reader, end)
        break
      case 18:
        spanId = readHex(reader, end)
        break
      case 34:
        parentSpanId = readHex(reader, end)
        break
      case 42:
        name = reader.string(end)
        break
      case 57:
        startTimeUnixNano = reader.fixed64(end)
        break
      case 65:
        endTimeUnixNano = reader.fixed64(end)
        break
      case 74:
        readKeyValue(reader, reader.length(end), attributes)
        break
      case 90:
        events.push(readEvent(reader, reader.length(end)))
        break
      case 122: {
        const status = readStatus(reader, reader.length(end))
        isError = status.code === 2
        statusMessage = status.message
        break
      }
      default:
        reader.skip(tag, end)
    }
  }
  return {
    resource,
    scope,
    traceId,
    spanId,
    parentSpanId,
    name,
    startTimeUnixNano,
    endTimeUnixNano,
    attributes,
    events,
    isError,
    statusMessage,
  }
}

/** A length-prefixed id as lower-case hex digits. */
export function readHex(reader: WireReader, end: number): string {
  const idEnd = reader.length(end)
  const hex = reader.bytes.toString('hex', reader.pos, idEnd)
  reader.pos = idEnd
  return hex
}

function readEvent(reader: WireReader, end: number): { name: string; attributes: Attributes } {
  const event = { name: '', attributes: createAttributes() }
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 18) event.name = reader.string(end)
    else if (tag === 26) readKeyValue(reader, reader.length(end), event.attributes)
    else reader.skip(tag, end)
  }
  return event
}

function readStatus(reader: WireReader, end: number): { code: number; message: string } {
  const status = { code: 0, message: '' }
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 18) status.message = reader.string(end)
    else if (tag === 24) status.code = reader.varint(end)
    else reader.skip(tag, end)
  }
  return status
}
