/** Turns tracked events into the OTLP request that the exporter package would have sent. */
import { EVENT_NAME, METADATA_PREFIX, SCOPE_NAME, SESSION_ID, USER_ID } from '@turret/exporter/attributes'
import { sessionToTraceId } from '@turret/exporter/session-id'
import { WireWriter } from '../wire/writer.ts'
import type { TrackEvent } from './track-request.ts'

/** ExportTraceServiceRequest in protobuf: one root span an event, in the trace of its session. */
export function encodeTrackSpans(events: readonly TrackEvent[]): Buffer {
  const scopeSpans = new WireWriter(1024 * events.length).bytes(1, new WireWriter(64).string(1, SCOPE_NAME).finish())
  for (const event of events) scopeSpans.bytes(2, encodeSpan(event))
  const resource = new WireWriter(64).bytes(1, attribute('service.name', 'track')).finish()
  const resourceSpans = new WireWriter(2048).bytes(1, resource).bytes(2, scopeSpans.finish()).finish()
  return new WireWriter(resourceSpans.length + 16).bytes(1, resourceSpans).finish()
}

function encodeSpan(event: TrackEvent): Buffer {
  const span = new WireWriter(1024)
    .bytes(1, Buffer.from(sessionToTraceId(event.sessionId), 'hex'))
    .bytes(2, Buffer.from(event.eventId, 'hex'))
    .string(5, event.name)
    .uint(6, 1)
    .fixed64(7, event.timeUnixNano)
    .fixed64(8, event.timeUnixNano)
    .bytes(9, attribute(EVENT_NAME, event.name))
    .bytes(9, attribute(SESSION_ID, event.sessionId))
    .bytes(9, attribute(USER_ID, event.userId))
  for (const [key, value] of Object.entries(event.metadata)) span.bytes(9, attribute(METADATA_PREFIX + key, value))
  return span.finish()
}

function attribute(key: string, value: string | number | boolean): Buffer {
  const any = new WireWriter(64)
  if (typeof value === 'string') any.present(1, value)
  else if (typeof value === 'boolean') any.varint(16).varint(value ? 1 : 0)
  else if (Number.isSafeInteger(value)) any.int64(3, BigInt(value))
  else any.double(4, value)
  return new WireWriter(64).string(1, key).bytes(2, any.finish()).finish()
}
