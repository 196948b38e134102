/** Cross-origin requests from browsers: off unless the configuration names origins. Keys as in the Collector's confighttp. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Cors {
  /** Exact origins, `https://*.example.com`, or `*`. */
  readonly allowedOrigins: readonly string[]
  readonly allowedHeaders: readonly string[]
  readonly maxAgeSeconds: number
}

const ownHeaders = ['content-type', 'content-encoding', 'x-api-key', 'authorization', 'traceparent', 'tracestate']

/**
 * Adds the headers that let an allowed origin read the answer.
 * @returns true when the request was a preflight and is answered
 */
export function applyCors(cors: Cors, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers
  if (origin === undefined) return false
  response.setHeader('vary', 'Origin')
  const isAllowed = cors.allowedOrigins.some((pattern) => matches(pattern, origin))
  if (isAllowed) response.setHeader('access-control-allow-origin', origin)
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false
  if (isAllowed) {
    response.setHeader('access-control-allow-methods', 'POST, GET, PATCH, DELETE')
    response.setHeader('access-control-allow-headers', [...ownHeaders, ...cors.allowedHeaders].join(', '))
    if (cors.maxAgeSeconds > 0) response.setHeader('access-control-max-age', String(cors.maxAgeSeconds))
  }
  response.writeHead(204).end()
  return true
}

function matches(pattern: string, origin: string): boolean {
  if (!pattern.includes('*')) return pattern.toLowerCase() === origin.toLowerCase()
  const [start, end] = pattern.toLowerCase().split('*', 2) as [string, string]
  const value = origin.toLowerCase()
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end)
}
