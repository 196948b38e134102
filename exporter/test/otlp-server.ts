/** A real HTTP server that stands for the collector: it records what it gets and answers what the test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly links: readonly { traceId: string; spanId: string }[]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly scope: { name: string; version: string }
}

export interface ReceivedRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly bodyBytes: number
  readonly spans: readonly ReceivedSpan[]
  readonly receivedMs: number
}

export interface Answer {
  status: number
  headers?: Record<string, string>
}

export interface OtlpServer {
  readonly url: string
  /** Every request, whatever it was answered. */
  readonly requests: ReceivedRequest[]
  /** The spans of the requests that were answered 200. */
  readonly spans: ReceivedSpan[]
  close(): Promise<void>
}

/** @param answer what to answer a request; undefined leaves it without an answer */
export async function startOtlpServer(
  answer: (request: ReceivedRequest) => Answer | undefined = () => ({ status: 200 }),
): Promise<OtlpServer> {
  const requests: ReceivedRequest[] = []
  const spans: ReceivedSpan[] = []
  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const request = toRequest(message, Buffer.concat(chunks))
    requests.push(request)
    const reply = answer(request)
    if (!reply) return
    if (reply.status === 200) spans.push(...request.spans)
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end('{}')
  }
  const server = createServer((message, response) => void handle(message, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    spans,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The address of a port that nobody listens on. */
export async function closedUrl(): Promise<string> {
  const server = await startOtlpServer()
  await server.close()
  return server.url
}

interface KeyValue {
  key: string
  value: Record<string, unknown>
}

interface OtlpBody {
  resourceSpans: {
    resource: { attributes: KeyValue[] }
    scopeSpans: { scope: ReceivedSpan['scope']; spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: KeyValue[] })[] }[]
  }[]
}

function toRequest(message: IncomingMessage, body: Buffer): ReceivedRequest {
  const text = message.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  const { resourceSpans } = JSON.parse(text.toString()) as OtlpBody
  const spans = resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({ ...span, scope, resource: toRecord(resource.attributes), attributes: toRecord(span.attributes) })),
    ),
  )
  return { path: message.url ?? '', headers: message.headers, bodyBytes: body.length, spans, receivedMs: Date.now() }
}

function toRecord(attributes: KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
