/** What `POST /track` takes: checked by hand, since a schema library would cost half as much again as parsing. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { CollectorError } from '../errors.ts'

/** A checked event with all its ids. */
export interface TrackEvent {
  readonly name: string
  readonly metadata: Readonly<Record<string, string | number | boolean>>
  readonly sessionId: string
  readonly userId: string
  /** 16 hex digits; it becomes the span id. */
  readonly eventId: string
  /** Unix nanoseconds; events of one request keep their order. */
  readonly timeUnixNano: bigint
}

export interface TrackLimits {
  /** UTF-8 bytes of one metadata value. */
  readonly maxTextBytes: number
  /** Events in one request. */
  readonly maxBatch: number
}

const maxKeys = 128 // the OpenTelemetry SDK's limit of attributes per span
const maxNameLength = 200
const maxIdLength = 500
const members = new Set(['name', 'metadata', 'session_id', 'user_id', 'timestamp', 'idempotency_key'])

/**
 * One event or a list of them.
 * @param project makes ids from idempotency keys its own
 * @param now used for events without a timestamp, in Unix nanoseconds
 * @throws CollectorError MISSING_REQUIRED_FIELD, INVALID_REQUEST or TEXT_TOO_LONG, naming the field and, in a list, its index
 */
export function parseTrackRequest(body: unknown, project: string, limits: TrackLimits, now: bigint): TrackEvent[] {
  if (!Array.isArray(body)) return [parseEvent(body, '', { project, limits, time: now })]
  if (body.length === 0 || body.length > limits.maxBatch) {
    throw new CollectorError('INVALID_REQUEST', `expected 1 to ${limits.maxBatch} events, got ${body.length}`)
  }
  return body.map((event, i) => parseEvent(event, `[${i}].`, { project, limits, time: now + BigInt(i) }, BigInt(i)))
}

interface Context {
  readonly project: string
  readonly limits: TrackLimits
  readonly time: bigint
}

function parseEvent(event: unknown, path: string, { project, limits, time }: Context, offset = 0n): TrackEvent {
  if (!isObject(event))
    throw new CollectorError('INVALID_REQUEST', `${path || 'the body'}: expected an object with name and metadata, got ${describe(event)}`)
  const unknown = Object.keys(event).find((key) => !members.has(key))
  if (unknown !== undefined) {
    throw new CollectorError(
      'INVALID_REQUEST',
      `${path}${unknown.slice(0, 100)}: unknown field; allowed: ${[...members].join(', ')}. Your own data goes into metadata`,
    )
  }
  const name = requiredText(event, 'name', path)
  const key = optionalText(event, 'idempotency_key', path)
  // Ids made from the key: the same request sent again gets the same answer.
  const seed = key === undefined ? undefined : createHash('sha256').update(`${project}\n${key}`).digest()
  const metadata = parseMetadata(event['metadata'], path, limits)
  return {
    name,
    metadata,
    sessionId: optionalText(event, 'session_id', path) ?? uuid(seed?.subarray(0, 16)),
    userId: optionalText(event, 'user_id', path) ?? uuid(seed?.subarray(8, 24)),
    eventId: (seed?.subarray(24) ?? randomBytes(8)).toString('hex'),
    timeUnixNano: parseTime(event['timestamp'], path, time, offset),
  }
}

function parseMetadata(metadata: unknown, path: string, limits: TrackLimits): TrackEvent['metadata'] {
  if (metadata === undefined || metadata === null)
    throw new CollectorError('MISSING_REQUIRED_FIELD', `${path}metadata is required: an object such as {"prompt": "the user's text"}`)
  if (!isObject(metadata))
    throw new CollectorError(
      'INVALID_REQUEST',
      `${path}metadata: expected an object such as {"prompt": "the user's text"}, got ${describe(metadata)}`,
    )
  const keys = Object.keys(metadata)
  if (keys.length === 0)
    throw new CollectorError(
      'INVALID_REQUEST',
      `${path}metadata is empty; it needs at least one text, such as {"prompt": "the user's text"}`,
    )
  if (keys.length > maxKeys) throw new CollectorError('INVALID_REQUEST', `${path}metadata has ${keys.length} keys; ${maxKeys} are allowed`)
  const values = Object.create(null) as Record<string, string | number | boolean>
  for (const key of keys) {
    const value = toScalar(metadata[key])
    if (value === undefined) continue
    if (key.length === 0 || key.length > maxNameLength)
      throw new CollectorError('INVALID_REQUEST', `${path}metadata: a key of ${key.length} characters; 1 to ${maxNameLength} are allowed`)
    if (typeof value === 'string' && value.length > limits.maxTextBytes / 4 && Buffer.byteLength(value) > limits.maxTextBytes) {
      throw new CollectorError(
        'TEXT_TOO_LONG',
        `${path}metadata.${key}: ${Buffer.byteLength(value)} bytes; ${limits.maxTextBytes} are allowed`,
      )
    }
    values[key] = value
  }
  if (!Object.values(values).some((value) => typeof value === 'string' && value.trim() !== '')) {
    throw new CollectorError('INVALID_REQUEST', `${path}metadata holds no text; at least one value must be a non-empty string`)
  }
  return values
}

/** Lists and objects become JSON text; null and undefined are left out. */
function toScalar(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value
  return JSON.stringify(value)
}

function requiredText(event: Record<string, unknown>, key: string, path: string): string {
  if (event[key] === undefined || event[key] === null || event[key] === '')
    throw new CollectorError('MISSING_REQUIRED_FIELD', `${path}${key} is required: a non-empty string`)
  const value = event[key]
  if (typeof value !== 'string' || value.trim() === '')
    throw new CollectorError('INVALID_REQUEST', `${path}${key}: expected a non-empty string, got ${describe(value)}`)
  if (value.length > maxNameLength)
    throw new CollectorError('INVALID_REQUEST', `${path}${key}: ${value.length} characters; ${maxNameLength} are allowed`)
  return value
}

function optionalText(event: Record<string, unknown>, key: string, path: string): string | undefined {
  const value = event[key]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw new CollectorError('INVALID_REQUEST', `${path}${key}: expected a string, got ${describe(value)}`)
  if (value.length > maxIdLength)
    throw new CollectorError('INVALID_REQUEST', `${path}${key}: ${value.length} characters; ${maxIdLength} are allowed`)
  return value
}

/** RFC 3339, or milliseconds since 1970. */
function parseTime(value: unknown, path: string, now: bigint, offset: bigint): bigint {
  if (value === undefined || value === null) return now
  const ms = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN
  if (!Number.isFinite(ms) || ms < 0 || ms > 9_000_000_000_000) {
    throw new CollectorError(
      'INVALID_REQUEST',
      `${path}timestamp: expected RFC 3339 such as "2026-11-24T09:00:00Z" or milliseconds since 1970, got ${describe(value)}`,
    )
  }
  return BigInt(Math.round(ms)) * 1_000_000n + offset
}

/** A version 4 UUID of the given bytes, else a random one. */
function uuid(bytes: Buffer | undefined): string {
  if (bytes === undefined) return randomUUID()
  const hex = bytes.toString('hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(value: unknown): string {
  return value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'an object'
        : value === undefined
          ? 'nothing'
          : `a ${typeof value}`
}
