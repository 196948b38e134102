/** What `track()` takes, checked as the server checks `POST /track`, and its form as span attributes. */
import { randomUUID } from 'node:crypto'
import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { EVENT_NAME, METADATA_PREFIX, SESSION_ID, USER_ID } from './attributes.ts'
import { describeValue, isPlainObject, unknownKeyFaults } from './describe-value.ts'

/** One thing that a user said or did. */
export interface TrackEvent {
  /** What happened: `chat_message`. */
  name: string
  /**
   * The user's text and what is known about it: `{ prompt: 'How do I …', plan: 'pro' }`; at least one value is a text.
   * Strings, finite numbers and booleans travel as they are, null and undefined not at all, anything else as JSON.
   */
  metadata: Record<string, unknown>
  /** The conversation. Default: a new one. */
  sessionId?: string | undefined
  /** Who said it. Default: a new, anonymous user. */
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

/**
 * Checks an event and fills in what is missing: ids become UUIDs.
 * @throws TypeError naming every wrong field, what came and what is allowed; never the content
 */
export function parseTrackEvent(event: TrackEvent): ParsedEvent {
  const faults = eventFaults(event)
  if (faults.length > 0) throw new TypeError(`track: ${faults.join('; ')}`)
  const { name, metadata } = event
  const sessionId = event.sessionId ?? randomUUID()
  const userId = event.userId ?? randomUUID()
  const attributes: Attributes = { [EVENT_NAME]: name, [SESSION_ID]: sessionId, [USER_ID]: userId }
  for (const [key, value] of Object.entries(metadata)) {
    const attribute = toAttribute(key, value)
    if (attribute !== undefined) attributes[METADATA_PREFIX + key] = attribute
  }
  return { name, sessionId, userId, attributes }
}

function eventFaults(event: unknown): string[] {
  if (!isPlainObject(event)) return [`expected { name, metadata, sessionId?, userId? }, got ${describeValue(event)}`]
  const { name, metadata, sessionId, userId } = event as Partial<Record<keyof TrackEvent, unknown>>
  return [
    ...unknownKeyFaults(event, fieldNames),
    ...(isText(name) ? [] : [`name: expected a non-empty string, got ${describeValue(name)}`]),
    ...metadataFaults(metadata),
    ...idFaults('sessionId', sessionId),
    ...idFaults('userId', userId),
  ]
}

function metadataFaults(metadata: unknown): string[] {
  const expected = 'expected an object with at least one non-empty string'
  if (!isPlainObject(metadata)) return [`metadata: ${expected}, got ${describeValue(metadata)}`]
  const values = Object.values(metadata)
  if (values.length === 0) return [`metadata: ${expected}, got an empty object`]
  return values.some(isText) ? [] : [`metadata: ${expected}, got ${values.length} values and no such string`]
}

function idFaults(field: string, id: unknown): string[] {
  if (id === undefined || id === null || isText(id)) return []
  return [`${field}: expected a non-empty string or nothing, got ${describeValue(id)}`]
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** A metadata value as JSON would carry it: what JSON writes as null (NaN, a function) is left out like null itself. */
function toAttribute(key: string, value: unknown): AttributeValue | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'bigint') return String(value)
  if (value === null || value === undefined) return undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw new TypeError(`track: metadata.${key}: expected a value that JSON can hold, got one that it cannot`, { cause })
  }
}
