/** An event: one user text taken from one span or log record, and its bytes in the spool. */
import { WireWriter } from '../wire/writer.ts'

/** What the extract stage finds; the store stage adds project, topic and version. */
export interface ExtractedEvent {
  /** Hex; the span id of a track span, otherwise a hash that collapses repeats of the same turn. */
  readonly eventId: string
  readonly sessionId: string
  /** The attribute that named the session; 'trace' when none did. */
  readonly sessionSource: string
  readonly userId: string
  readonly name: string
  /** The metadata key the text stood under. */
  readonly dimension: string
  /** 0 marks the event's main text. */
  readonly dimensionRank: number
  readonly text: string
  readonly fields: Readonly<Record<string, string>>
  readonly answer: string
  readonly tools: readonly string[]
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  /** US dollars. */
  readonly cost: number
  readonly latencyMs: number
  readonly isError: boolean
  readonly statusMessage: string
  readonly traceId: string
  readonly spanId: string
  readonly timeUnixNano: bigint
}

/** Field numbers of the message `Event` in clickhouse/formats/spool.proto. */
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
} as const

/** Tags of the fields that the store stage reads back from an encoded event. */
export const eventTags = {
  eventId: field.eventId * 8 + 2,
  sessionId: field.sessionId * 8 + 2,
  userId: field.userId * 8 + 2,
  dimension: field.dimension * 8 + 2,
  text: field.text * 8 + 2,
  timeUnixNano: field.timeUnixNano * 8 + 1,
} as const

/** @returns the message `Event` of clickhouse/formats/spool.proto */
export function encodeEvent(event: ExtractedEvent): Buffer {
  const writer = new WireWriter(256 + event.text.length + event.answer.length)
  writer
    .string(field.eventId, event.eventId)
    .string(field.sessionId, event.sessionId)
    .string(field.sessionSource, event.sessionSource)
    .string(field.userId, event.userId)
    .string(field.name, event.name)
    .string(field.dimension, event.dimension)
    .uint(field.dimensionRank, event.dimensionRank)
    .string(field.text, event.text)
  for (const [key, value] of Object.entries(event.fields)) {
    writer.bytes(field.fields, new WireWriter(64).string(1, key).string(2, value).finish())
  }
  writer.string(field.answer, event.answer)
  for (const tool of event.tools) writer.present(field.tools, tool)
  return writer
    .string(field.model, event.model)
    .uint(field.inputTokens, toUint32(event.inputTokens))
    .uint(field.outputTokens, toUint32(event.outputTokens))
    .double(field.cost, event.cost)
    .double(field.latencyMs, event.latencyMs)
    .uint(field.isError, event.isError ? 1 : 0)
    .string(field.statusMessage, event.statusMessage)
    .string(field.traceId, event.traceId)
    .string(field.spanId, event.spanId)
    .fixed64(field.timeUnixNano, event.timeUnixNano)
    .finish()
}

function toUint32(value: number): number {
  return Math.min(0xffffffff, Math.max(0, Math.round(value)))
}
