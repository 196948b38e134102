/** Sends OTLP requests in both encodings and reads the answers as the specification types them. */
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { decode } from '../otlp.ts'

export type Encoding = 'protobuf' | 'json'
export const encodings: readonly Encoding[] = ['protobuf', 'json']
export const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const

export interface Answer {
  readonly status: number
  readonly contentType: string | null
  readonly headers: Headers
  readonly bytes: Buffer
  /** The body as ExportTraceServiceResponse. */
  readonly response: { partialSuccess?: { rejected?: string; errorMessage?: string } }
  /** The body as google.rpc.Status. */
  readonly rpcStatus: { code?: number; message?: string }
}

/** One POST; the body is given in the encoding that the request names. */
export async function post(
  url: string,
  encoding: Encoding,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentTypes[encoding], ...headers },
    body: body as string,
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const contentType = response.headers.get('content-type')
  return { status: response.status, contentType, headers: response.headers, bytes, ...readBodies(bytes, contentType, response.status) }
}

function readBodies(bytes: Buffer, contentType: string | null, status: number): Pick<Answer, 'response' | 'rpcStatus'> {
  if (contentType === contentTypes.json) {
    const json = JSON.parse(bytes.toString() || '{}') as Record<string, unknown>
    const partial = json['partialSuccess'] as { rejectedSpans?: string; rejectedLogRecords?: string; errorMessage?: string } | undefined
    const rejected = partial?.rejectedSpans ?? partial?.rejectedLogRecords
    const partialSuccess = partial && { ...(rejected !== undefined && { rejected }), errorMessage: partial.errorMessage ?? '' }
    return { response: partialSuccess === undefined ? {} : { partialSuccess }, rpcStatus: json }
  }
  if (status === 200) return { response: decode('response', bytes), rpcStatus: {} }
  return { response: {}, rpcStatus: decode('status', bytes) }
}

export const traceId = '0af7651916cd43dd8448eb211c80319c'

/** One span as OTLP/JSON. */
export function jsonSpan(span: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    traceId,
    spanId: 'b7ad6b7169203331',
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: `${Date.now()}000000`, // old raw spans are not kept
    endTimeUnixNano: `${Date.now()}000001`,
    ...span,
  }
}

export function jsonTraces(spans: readonly unknown[], resource: object = {}): string {
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] })
}

/** A request written by hand, for headers that clients would not let one set. */
export function raw(
  url: string,
  headers: Record<string, string | number>,
  send: (request: ClientRequest) => void,
): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
    request.on('error', reject)
    send(request)
  })
}
