/** Turns tracked events into the OTLP request that the exporter package would have sent. */
import { EVENT_NAME, METADATA_PREFIX, SCOPE_NAME, SESSION_ID, USER_ID } from '@turret/exporter/attributes'
import { sessionToTraceId } from '@turret/exporter/session-id'
import { WireWriter } from '../wire/writer.ts'
import type { TrackEvent } from './track-request.ts'

/** ExportTraceServiceRequest in protobuf: one root span an event, in the trace of its session. */
export function encodeTrackSpans(events: readonly TrackEvent[]): Buffer {
  const writer = new WireWriter(1024 * events.length)
  const resourceSpans = writer.begin(1)
  const resource = writer.begin(1)
  writeAttribute(writer, 1, 'service.name', 'track')
  writer.end(resource)
  const scopeSpans = writer.begin(2)
  const scope = writer.begin(1)
  writer.string(1, SCOPE_NAME).end(scope)
  for (const event of events) writeSpan(writer, event)
  return writer.end(scopeSpans).end(resourceSpans).written
}

function writeSpan(writer: WireWriter, event: TrackEvent): void {
  const span = writer.begin(2)
  writer
    .bytes(1, Buffer.from(sessionToTraceId(event.sessionId), 'hex'))
    .bytes(2, Buffer.from(event.eventId, 'hex'))
    .string(5, event.name)
    .uint(6, 1)
    .fixed64(7, event.timeUnixNano)
    .fixed64(8, event.timeUnixNano)
  writeAttribute(writer, 9, EVENT_NAME, event.name)
  writeAttribute(writer, 9, SESSION_ID, event.sessionId)
  writeAttribute(writer, 9, USER_ID, event.userId)
  for (const [key, value] of Object.entries(event.metadata)) writeAttribute(writer, 9, METADATA_PREFIX + key, value)
  writer.end(span)
}

function writeAttribute(writer: WireWriter, field: number, key: string, value: string | number | boolean): void {
  const attribute = writer.begin(field)
  const any = writer.string(1, key).begin(2)
  if (typeof value === 'string') writer.present(1, value)
  else if (typeof value === 'boolean') writer.varint(16).varint(value ? 1 : 0)
  else if (Number.isSafeInteger(value)) writer.int64(3, BigInt(value))
  else writer.double(4, value)
  writer.end(any).end(attribute)
}
