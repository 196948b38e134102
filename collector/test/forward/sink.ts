/** An OTLP backend that keeps what it gets and answers as a test tells it. */
import { type IncomingHttpHeaders, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Decompressed. */
  readonly body: Buffer
}

export interface Sink {
  readonly url: string
  /** Requests that were answered with 200. */
  readonly received: Received[]
  /** All requests. */
  readonly attempts: Received[]
  close(): Promise<void>
}

/** @param answer what to do with the n-th request, from 1; it answers 200 by default */
export async function startSink(
  answer: (response: ServerResponse, attempt: number) => void = (response) => response.writeHead(200).end(),
): Promise<Sink> {
  const received: Received[] = []
  const attempts: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
      const item = { path: request.url ?? '', headers: request.headers, body }
      attempts.push(item)
      response.on('finish', () => {
        if (response.statusCode === 200) received.push(item)
      })
      answer(response, attempts.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    attempts,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
