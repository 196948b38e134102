/** What `track()` takes, checked as the server checks `POST /track`, and its form as span attributes. */
import { randomUUID } from 'node:crypto'
import type { Attributes } from '@opentelemetry/api'
import { EVENT_NAME, METADATA_PREFIX, SESSION_ID, USER_ID } from './attributes.ts'
import { describeValue, isPlainObject, unknownKeyFaults } from './describe-value.ts'

/** One thing that a user said or did. */
export interface TrackEvent {
  /** What happened: `chat_message`; at most 200 characters. */
  name: string
  /**
   * The user's text and what is known about it: `{ prompt: 'How do I …', plan: 'pro' }`; at least one value is a text.
   * At most 128 keys of at most 200 characters.
   * Strings, finite numbers and booleans travel as they are, null and undefined not at all, anything else as JSON.
   */
  metadata: Record<string, unknown>
  /** The conversation, at most 500 characters. Left out or empty: a new one. */
  sessionId?: string | undefined
  /** Who said it, at most 500 characters. Left out or empty: a new, anonymous user. */
  userId?: string | undefined
}

/** A checked event: both ids filled in, metadata ready to be span attributes. */
export interface ParsedEvent {
  readonly name: string
  readonly sessionId: string
  readonly userId: string
  /** Attributes of the span; the contract's own come first, so that a limit on their number never cuts them. */
  readonly attributes: Attributes
}

const fieldNames = ['name', 'metadata', 'sessionId', 'userId']

// The server's limits for POST /track. It also limits texts, which here are cut instead: a long text must not fail the caller.
const maxMetadataKeys = 128
const maxNameLength = 200
const maxIdLength = 500

/**
 * Checks an event and fills in what is missing: ids become UUIDs.
 * @throws TypeError naming every wrong field, what came and what is allowed; never the content
 */
export function parseTrackEvent(event: TrackEvent): ParsedEvent {
  if (!isPlainObject(event)) throw new TypeError(`track: expected { name, metadata, sessionId?, userId? }, got ${describeValue(event)}`)
  const { name, metadata } = event
  const faults = [
    ...unknownKeyFaults(event, fieldNames),
    ...nameFaults(name),
    ...metadataFaults(metadata),
    ...idFaults('sessionId', event.sessionId),
    ...idFaults('userId', event.userId),
  ]
  if (faults.length > 0) throw new TypeError(`track: ${faults.join('; ')}`)
  const sessionId = event.sessionId || randomUUID()
  const userId = event.userId || randomUUID()
  const attributes: Attributes = { [EVENT_NAME]: name, [SESSION_ID]: sessionId, [USER_ID]: userId }
  for (const [key, value] of Object.entries(metadata)) {
    const scalar = toScalar(value)
    if (scalar !== undefined) attributes[METADATA_PREFIX + key] = scalar
  }
  return { name, sessionId, userId, attributes }
}

function nameFaults(name: unknown): string[] {
  if (!isText(name)) return [`name: expected a non-empty string, got ${describeValue(name)}`]
  return lengthFaults('name', name, maxNameLength)
}

/** What is wrong with a session or user id, in words; nothing when it is fine or not given. */
export function idFaults(field: string, id: unknown): string[] {
  if (id === undefined || id === null) return []
  if (typeof id !== 'string') return [`${field}: expected a string or nothing, got ${describeValue(id)}`]
  return lengthFaults(field, id, maxIdLength)
}

function lengthFaults(field: string, text: string, maxLength: number): string[] {
  return text.length > maxLength ? [`${field}: expected at most ${maxLength} characters, got ${text.length}`] : []
}

function metadataFaults(metadata: unknown): string[] {
  const expected = 'expected an object with at least one non-empty string'
  if (!isPlainObject(metadata)) return [`metadata: ${expected}, got ${describeValue(metadata)}`]
  const entries = Object.entries(metadata)
  if (entries.length === 0) return [`metadata: ${expected}, got an empty object`]
  if (entries.length > maxMetadataKeys) return [`metadata: expected at most ${maxMetadataKeys} keys, got ${entries.length}`]
  if (entries.some(([key]) => key === '' || key.length > maxNameLength))
    return [`metadata: expected keys of 1 to ${maxNameLength} characters`]
  const notJson = entries.filter(([, value]) => !isJson(value))
  if (notJson.length > 0) return notJson.map(([key]) => `metadata.${key}: expected a value that JSON can hold, got one that it cannot`)
  return entries.some(([, value]) => isText(toScalar(value)))
    ? []
    : [`metadata: ${expected}, got ${entries.length} values and no such string`]
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** A metadata value as JSON would carry it: what JSON writes as null (NaN, a function) is left out like null itself. */
function toScalar(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'bigint') return String(value)
  if (value === null || value === undefined) return undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  return JSON.stringify(value)
}

/** Is this no circle, nor anything else that JSON.stringify throws at? */
function isJson(value: unknown): boolean {
  try {
    toScalar(value)
    return true
  } catch {
    return false
  }
}
