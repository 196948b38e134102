/** A server that speaks the embeddings API, with real vectors, and misbehaves on request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'

interface EmbeddingRequest {
  readonly model: string
  readonly input: string[]
  readonly dimensions?: number
  readonly encoding_format?: string
}

/** Answers a request itself and returns true, or returns false for the usual answer. */
export type Misbehaviour = (response: ServerResponse, request: EmbeddingRequest, vectors: number[][]) => boolean

export interface EmbeddingServer {
  readonly baseUrl: string
  readonly dimensions: number
  /** Bodies received, oldest first. */
  readonly requests: EmbeddingRequest[]
  /** Headers of the last request. */
  headers: IncomingMessage['headers']
  misbehave: Misbehaviour
  close(): Promise<void>
}

/** Starts it on a free port of the loopback address. */
export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const table = createBuiltinEmbedder()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const self: EmbeddingServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    dimensions: table.dimensions,
    requests: [],
    headers: {},
    misbehave: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return self

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as EmbeddingRequest
    self.requests.push(body)
    self.headers = request.headers
    const { data, cols } = await table.embed(body.input)
    const vectors = body.input.map((_, row) => Array.from(data.subarray(row * cols, (row + 1) * cols), (value) => value * 3))
    if (self.misbehave(response, body, vectors)) return
    sendVectors(response, vectors)
  }
}

/** The usual answer, its vectors in reverse order, as the API allows. */
export function sendVectors(response: ServerResponse, vectors: unknown[]): void {
  const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }))
  sendJson(response, 200, { object: 'list', model: 'fake', data: data.reverse(), usage: { prompt_tokens: 1, total_tokens: 1 } })
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
