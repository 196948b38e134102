/** Where events go and how: the options that `init()` and the span processor share. */
import { describeValue, isPlainObject, unknownKeyFaults } from './describe-value.ts'

export interface DeliveryOptions {
  /** Base URL of Turret. Default: the variable TURRET_URL, else http://127.0.0.1:4318. */
  url?: string | undefined
  /** Sent as `X-API-Key`. Default: the variable TURRET_API_KEY, else none, which a development server on loopback takes. */
  apiKey?: string | undefined
  /** More headers for every request. */
  headers?: Record<string, string> | undefined
  /** Longest wait before an event is sent, in ms. */
  flushIntervalMs?: number | undefined
  /** Longest time that sending one batch may take, with all its retries, in ms. */
  timeoutMs?: number | undefined
  /** Events that may wait or be on their way; more are dropped and counted. */
  maxQueueSize?: number | undefined
  /** Smaller requests for some CPU time. Worth it over a network, not on loopback. */
  compression?: 'none' | 'gzip' | undefined
  /** Send what is waiting when Node has nothing else to do (`beforeExit`). */
  flushAtExit?: boolean | undefined
}

export const defaultDeliveryOptions = {
  url: 'http://127.0.0.1:4318',
  flushIntervalMs: 500, // topics see an event within two seconds of track()
  timeoutMs: 10_000, // the OpenTelemetry exporters' default
  maxQueueSize: 10_000,
  compression: 'none',
  flushAtExit: true,
} as const

/** Checked options, defaults filled in. */
export interface DeliverySettings {
  /** Where traces are posted: the base URL and `/v1/traces`. */
  readonly tracesUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly flushIntervalMs: number
  readonly timeoutMs: number
  readonly maxQueueSize: number
  readonly compression: 'none' | 'gzip'
  readonly flushAtExit: boolean
}

const optionNames = ['url', 'apiKey', 'headers', 'flushIntervalMs', 'timeoutMs', 'maxQueueSize', 'compression', 'flushAtExit']
const maxTimerMs = 2 ** 31 - 1 // what setTimeout can hold

/**
 * Checks options and fills in the defaults; an option left out or undefined, and an empty variable, count as not given.
 * @param caller the function that the options were given to, for the message
 * @param otherNames further options that `caller` takes and checks itself
 * @throws TypeError naming every wrong option, what came and what is allowed
 */
export function resolveDelivery(caller: string, options: DeliveryOptions, otherNames: readonly string[] = []): DeliverySettings {
  if (!isPlainObject(options)) throw new TypeError(`${caller}: expected an object of options, got ${describeValue(options)}`)
  const url = options.url ?? (process.env['TURRET_URL'] || defaultDeliveryOptions.url)
  const apiKey = options.apiKey ?? process.env['TURRET_API_KEY'] ?? ''
  const {
    headers = {},
    flushIntervalMs = defaultDeliveryOptions.flushIntervalMs,
    timeoutMs = defaultDeliveryOptions.timeoutMs,
    maxQueueSize = defaultDeliveryOptions.maxQueueSize,
    compression = defaultDeliveryOptions.compression,
    flushAtExit = defaultDeliveryOptions.flushAtExit,
  } = options
  const faults = [
    ...unknownKeyFaults(options, [...optionNames, ...otherNames]),
    ...urlFaults(url),
    ...headerFaults(apiKey, headers),
    ...countFaults('flushIntervalMs', flushIntervalMs),
    ...countFaults('timeoutMs', timeoutMs),
    ...countFaults('maxQueueSize', maxQueueSize),
    ...(['none', 'gzip'].includes(compression) ? [] : [`compression: expected "none" or "gzip", got ${describeValue(compression)}`]),
    ...(typeof flushAtExit === 'boolean' ? [] : [`flushAtExit: expected true or false, got ${describeValue(flushAtExit)}`]),
  ]
  if (faults.length > 0) throw new TypeError(`${caller}: ${faults.join('; ')}`)
  return {
    tracesUrl: toTracesUrl(url),
    headers: apiKey.trim() === '' ? headers : { ...headers, 'X-API-Key': apiKey.trim() },
    flushIntervalMs,
    timeoutMs,
    maxQueueSize,
    compression,
    flushAtExit,
  }
}

/** `http://host:4318`, with or without a trailing slash or the path itself, as the address to post traces to. */
function toTracesUrl(url: string): string {
  const traces = new URL(url)
  traces.pathname = `${traces.pathname.replace(/(\/v1\/traces)?\/*$/u, '')}/v1/traces`
  return traces.href
}

function urlFaults(url: unknown): string[] {
  const isHttp = typeof url === 'string' && URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol)
  return isHttp ? [] : [`url: expected one such as "${defaultDeliveryOptions.url}", got ${describeValue(url)}`]
}

function headerFaults(apiKey: unknown, headers: unknown): string[] {
  const isHeader = (value: unknown): boolean => typeof value === 'string' && !/[^\t\x20-\x7e\x80-\xff]/u.test(value.trim())
  const areHeaders = isPlainObject(headers) && Object.values(headers).every(isHeader)
  return [
    ...(isHeader(apiKey) ? [] : [`apiKey: expected a string that fits an HTTP header, got ${describeValue(apiKey)}`]),
    ...(areHeaders ? [] : [`headers: expected an object of strings that fit HTTP headers, got ${describeValue(headers)}`]),
  ]
}

function countFaults(option: string, value: unknown): string[] {
  const isCount = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxTimerMs
  return isCount
    ? []
    : [`${option}: expected a whole number from 1 to ${maxTimerMs}, got ${typeof value === 'number' ? value : describeValue(value)}`]
}
