/** A turn part's bytes in the spool: the message `Event` of clickhouse/formats/spool.proto. */
import { WireWriter } from '../wire/writer.ts'
import type { TurnPart } from './turn-part.ts'

/** Field numbers of `Event`. */
export const eventField = {
  eventId: 1,
  sessionId: 2,
  sessionSource: 3,
  userId: 4,
  name: 5,
  dimension: 6,
  dimensionRank: 7,
  text: 8,
  fields: 10,
  answer: 11,
  tools: 12,
  model: 13,
  inputTokens: 14,
  outputTokens: 15,
  cost: 16,
  latencyMs: 17,
  isError: 18,
  statusMessage: 19,
  traceId: 20,
  spanId: 21,
  timeUnixNano: 22,
  role: 23,
  spanIds: 24,
  textLength: 25,
  textHash: 32,
} as const

/** Tags of the fields that the store stage reads back from an encoded part. */
export const partTags = {
  eventId: eventField.eventId * 8 + 2,
  sessionId: eventField.sessionId * 8 + 2,
  userId: eventField.userId * 8 + 2,
  dimension: eventField.dimension * 8 + 2,
  text: eventField.text * 8 + 2,
  traceId: eventField.traceId * 8 + 2,
  timeUnixNano: eventField.timeUnixNano * 8 + 1,
  role: eventField.role * 8 + 2,
} as const

/** For parts whose text is not at hand any more. */
export const textLengthField = eventField.textLength

/** Written again, without a value, behind a part whose text must not be kept: of a field given twice the last one counts. */
export const emptyText = new WireWriter(4).present(eventField.text, '').finish()

/** Field `events` of `Entry`: where an event stands in the spool. */
export const entryEventsField = 6

/** @returns any number of fields `events` of `Entry`, one behind the other */
export function encodeParts(parts: readonly TurnPart[], writer = new WireWriter(512 * parts.length)): Buffer {
  for (const part of parts) {
    const start = writer.begin(entryEventsField)
    writePart(writer, part)
    writer.end(start)
  }
  return writer.finish()
}

export function encodePart(part: TurnPart): Buffer {
  const writer = new WireWriter(256 + part.text.length + part.answer.length)
  writePart(writer, part)
  return writer.finish()
}

function writePart(writer: WireWriter, part: TurnPart): void {
  writer
    .string(eventField.eventId, part.eventId)
    .string(eventField.sessionId, part.sessionId)
    .string(eventField.sessionSource, part.sessionSource)
    .string(eventField.userId, part.userId)
    .string(eventField.name, part.name)
    .string(eventField.dimension, part.dimension)
    .uint(eventField.dimensionRank, part.dimensionRank)
    .string(eventField.text, part.text)
  for (const key in part.fields) writer.pair(eventField.fields, key, part.fields[key]!)
  writer.string(eventField.answer, part.answer)
  for (const tool of part.tools) writer.present(eventField.tools, tool)
  writer
    .string(eventField.model, part.model)
    .uint(eventField.inputTokens, toUint32(part.inputTokens))
    .uint(eventField.outputTokens, toUint32(part.outputTokens))
  if (part.cost !== 0) writer.double(eventField.cost, part.cost)
  writer
    .double(eventField.latencyMs, part.latencyMs)
    .uint(eventField.isError, part.isError ? 1 : 0)
    .string(eventField.statusMessage, part.statusMessage)
    .string(eventField.traceId, part.traceId)
    .string(eventField.spanId, part.spanId)
    .fixed64(eventField.timeUnixNano, part.timeUnixNano)
    .string(eventField.role, part.role)
  for (const spanId of part.spanIds) writer.present(eventField.spanIds, spanId)
  writer.uint(eventField.textLength, part.text.length).fixed64(eventField.textHash, part.textHash)
}

function toUint32(value: number): number {
  return Math.min(0xffffffff, Math.max(0, Math.round(value)))
}
