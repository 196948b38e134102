/** A turn part's bytes in the spool: the message `Event` of clickhouse/formats/spool.proto. */
import { WireWriter } from '../wire/writer.ts'
import type { TurnPart } from './turn-part.ts'

const field = {
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
  eventId: field.eventId * 8 + 2,
  sessionId: field.sessionId * 8 + 2,
  userId: field.userId * 8 + 2,
  dimension: field.dimension * 8 + 2,
  text: field.text * 8 + 2,
  traceId: field.traceId * 8 + 2,
  timeUnixNano: field.timeUnixNano * 8 + 1,
  role: field.role * 8 + 2,
} as const

/** For parts whose text is not at hand any more. */
export const textLengthField = field.textLength

/** Written again, without a value, behind a part whose text must not be kept: of a field given twice the last one counts. */
export const emptyText = new WireWriter(4).present(field.text, '').finish()

export function encodePart(part: TurnPart): Buffer {
  const writer = new WireWriter(256 + part.text.length + part.answer.length)
  writer
    .string(field.eventId, part.eventId)
    .string(field.sessionId, part.sessionId)
    .string(field.sessionSource, part.sessionSource)
    .string(field.userId, part.userId)
    .string(field.name, part.name)
    .string(field.dimension, part.dimension)
    .uint(field.dimensionRank, part.dimensionRank)
    .string(field.text, part.text)
  for (const key in part.fields) writer.pair(field.fields, key, part.fields[key]!)
  writer.string(field.answer, part.answer)
  for (const tool of part.tools) writer.present(field.tools, tool)
  writer
    .string(field.model, part.model)
    .uint(field.inputTokens, toUint32(part.inputTokens))
    .uint(field.outputTokens, toUint32(part.outputTokens))
    .double(field.cost, part.cost)
    .double(field.latencyMs, part.latencyMs)
    .uint(field.isError, part.isError ? 1 : 0)
    .string(field.statusMessage, part.statusMessage)
    .string(field.traceId, part.traceId)
    .string(field.spanId, part.spanId)
    .fixed64(field.timeUnixNano, part.timeUnixNano)
    .string(field.role, part.role)
  for (const spanId of part.spanIds) writer.present(field.spanIds, spanId)
  return writer.uint(field.textLength, part.text.length).fixed64(field.textHash, part.textHash).finish()
}

function toUint32(value: number): number {
  return Math.min(0xffffffff, Math.max(0, Math.round(value)))
}
