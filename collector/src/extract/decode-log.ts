/** Decodes one log record whole. Source: opentelemetry-proto logs/v1. */
import type { WireReader } from '../wire/reader.ts'
import { type AttributeValue, type Attributes, createAttributes, readAnyValue, readKeyValue, toText } from '../wire/value.ts'
import type { CandidateLog } from './candidate.ts'
import { readHex } from './decode-span.ts'

/** Decodes the LogRecord at the reader's place, which ends at `end`. */
export function decodeLog(reader: WireReader, end: number, resource: Attributes, scope: string): CandidateLog {
  const attributes = createAttributes()
  let eventName = ''
  let body: AttributeValue = null
  let traceId = ''
  let spanId = ''
  let timeUnixNano = 0n
  let observedTimeUnixNano = 0n
  while (reader.pos < end) {
    const tag = reader.tag(end)
    switch (tag) {
      case 9:
        timeUnixNano = reader.fixed64(end)
        break
      case 89:
        observedTimeUnixNano = reader.fixed64(end)
        break
      case 42:
        body = readAnyValue(reader, reader.length(end))
        break
      case 50:
        readKeyValue(reader, reader.length(end), attributes)
        break
      case 74:
        traceId = readHex(reader, end)
        break
      case 82:
        spanId = readHex(reader, end)
        break
      case 98:
        eventName = reader.string(end)
        break
      default:
        reader.skip(tag, end)
    }
  }
  const name = eventName || toText(attributes['event.name'] ?? '')
  return { resource, scope, traceId, spanId, eventName: name, timeUnixNano: timeUnixNano || observedTimeUnixNano, attributes, body }
}
