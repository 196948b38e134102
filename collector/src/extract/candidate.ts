/** Spans and log records that may hold a user's text, decoded; everything else stays bytes. */
import { EVENT_NAME } from '@turret/exporter/attributes'
import type { Attributes } from '../wire/value.ts'

/** A span whose attributes say that it belongs to a GenAI application. */
export interface CandidateSpan {
  readonly resource: Attributes
  readonly scope: string
  /** 32 lower-case hex digits. */
  readonly traceId: string
  /** 16 lower-case hex digits. */
  readonly spanId: string
  /** 16 lower-case hex digits, or '' for a root span. */
  readonly parentSpanId: string
  readonly name: string
  readonly startTimeUnixNano: bigint
  readonly endTimeUnixNano: bigint
  readonly attributes: Attributes
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[]
  readonly isError: boolean
  readonly statusMessage: string
}

/** A log record that a GenAI instrumentation sent: two official ones put the user's text only there. */
export interface CandidateLog {
  readonly resource: Attributes
  readonly scope: string
  readonly traceId: string
  readonly spanId: string
  /** The record's EventName, else its `event.name` attribute. */
  readonly eventName: string
  readonly timeUnixNano: bigint
  readonly attributes: Attributes
  readonly body: Attributes[string]
}

/** Attribute keys that make a span a candidate, by prefix. Any span may name a trace's session or user. */
const candidatePrefixes = [
  'turret.',
  'gen_ai.',
  'llm.',
  'openinference.',
  'ai.',
  'traceloop.',
  'langfuse.',
  'langsmith.',
  'mlflow.',
  'pydantic_ai.',
  'input.value',
  'session.id',
  'user.id',
  'enduser.id',
].map((prefix) => Buffer.from(prefix))

const prefixesByFirstByte: readonly (readonly Buffer[])[] = Array.from({ length: 256 }, (_, byte) =>
  candidatePrefixes.filter((prefix) => prefix[0] === byte),
)

/** What an attribute's key says of its span; a span is what the greatest of its keys is. */
export const keyKind = { other: 0, candidate: 1, track: 2 } as const
export type KeyKind = (typeof keyKind)[keyof typeof keyKind]

const trackKey = Buffer.from(EVENT_NAME)

/** Looks at the attribute key at `start`…`end` of `bytes`. Runs for every attribute of every span. */
export function kindOfKey(bytes: Buffer, start: number, end: number): KeyKind {
  if (start === end) return keyKind.other
  for (const prefix of prefixesByFirstByte[bytes[start]!]!) {
    if (end - start < prefix.length || !startsWith(bytes, start, prefix)) continue
    return end - start === trackKey.length && startsWith(bytes, start, trackKey) ? keyKind.track : keyKind.candidate
  }
  return keyKind.other
}

/** @param prefix whose first byte was found already */
function startsWith(bytes: Buffer, start: number, prefix: Buffer): boolean {
  for (let i = 1; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false
  return true
}
