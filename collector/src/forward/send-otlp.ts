/** Sends one OTLP request over HTTP, and says whether another try makes sense. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { version } from '../version.ts'

export interface Destination {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly compression: 'gzip' | 'none'
  readonly timeoutMs: number
}

/** `retryAfterMs`: the receiver's wish; undefined when it has none. */
export type Sent =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'retry'; readonly retryAfterMs: number | undefined; readonly reason: string }
  | { readonly outcome: 'refused'; readonly reason: string }

const compress = promisify(gzip)
const retryableStatuses = new Set([429, 502, 503, 504]) // opentelemetry-proto docs/specification.md, "Retryable Response Codes"

/** Compresses once; the same bytes go out in every try. */
export async function encodeBody(body: Buffer, { compression }: Destination): Promise<Buffer> {
  return compression === 'gzip' ? compress(body) : body
}

/** Never rejects. */
export async function sendOtlp(body: Buffer, destination: Destination, signal: AbortSignal): Promise<Sent> {
  const { url, headers, compression, timeoutMs } = destination
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.length),
      headers: {
        'user-agent': `turret/${version}`,
        ...headers,
        'content-type': 'application/x-protobuf',
        ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
      },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    await response.arrayBuffer() // an unread answer would hold its connection
    if (response.ok) return { outcome: 'sent' }
    const reason = `status ${response.status}`
    if (!retryableStatuses.has(response.status)) return { outcome: 'refused', reason }
    return { outcome: 'retry', reason, retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()) }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { outcome: 'retry', reason: cause instanceof Error ? cause.message : String(cause), retryAfterMs: undefined }
  }
}

/** Seconds or an HTTP date, in milliseconds from `nowMs`; undefined when it is neither. */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null || value.trim() === '') return undefined
  const seconds = Number(value)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowMs
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
