/** The provider `openai`: OpenAI or any server that speaks its embeddings API (Ollama, vLLM, LM Studio, TEI …). */
import { once } from 'node:events'
import { BadRequestError, OpenAI } from 'openai'
import { createMatrix, type Matrix } from '../../cluster/matrix.ts'
import { EmbedError } from '../embed-error.ts'
import type { Embedder } from '../embedder.ts'
import { writeAnswer } from './answer.ts'
import { toBatches, type OutgoingText } from './batches.ts'
import { toEmbedError } from './failure.ts'

export interface OpenAiEmbeddingConfig {
  /** Empty: OpenAI itself. */
  readonly baseUrl: string
  /** Empty for a server that asks for none. */
  readonly apiKey: string
  readonly model: string
  /** Length of the vectors asked for, and checked. */
  readonly dimensions: number
}

const defaultOpenAiOptions = {
  timeoutMs: 30_000, // for one request with all its tries
  maxRetries: 3, // the SDK waits half a second, then twice as long each time, or as long as Retry-After says
} as const

/**
 * Connects to nothing yet: the first `embed` does.
 * @param options.timeoutMs for one request of up to 256 texts, its retries and the waits between them included
 */
export function createOpenAiEmbedder(config: OpenAiEmbeddingConfig, options: { timeoutMs?: number; maxRetries?: number } = {}): Embedder {
  const { timeoutMs, maxRetries } = { ...defaultOpenAiOptions, ...options }
  const client = new OpenAI({
    apiKey: config.apiKey === '' ? 'none' : config.apiKey,
    baseURL: config.baseUrl === '' ? 'https://api.openai.com/v1' : config.baseUrl, // else the SDK would read an environment variable
    maxRetries,
    timeout: timeoutMs,
    logLevel: 'off', // its debug lines would show users' texts
  })
  const closing = new AbortController()
  let asksForDimensions = true

  return {
    id: `openai:${config.model}:${config.dimensions}`,
    dimensions: config.dimensions,
    async embed(texts, { signal } = {}): Promise<Matrix> {
      signal?.throwIfAborted()
      const vectors = createMatrix(texts.length, config.dimensions)
      for (const batch of toBatches(texts)) writeAnswer(await request(batch, signal), batch, vectors)
      return vectors
    },
    close() {
      closing.abort(new EmbedError('EMBED_UNAVAILABLE', 'the embedder is closed', { retryable: false }))
      return Promise.resolve()
    },
  }

  async function request(batch: readonly OutgoingText[], signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return await send(batch, signal)
    } catch (error) {
      signal?.throwIfAborted()
      if (!asksForDimensions || !refusesDimensions(error)) throw toEmbedError(error, timeoutMs)
      asksForDimensions = false
      return request(batch, signal)
    }
  }

  /** One request and its retries, ended by the deadline, the caller's signal or `close`. */
  async function send(batch: readonly OutgoingText[], signal: AbortSignal | undefined): Promise<unknown> {
    const signals = [AbortSignal.timeout(timeoutMs), closing.signal]
    const end = AbortSignal.any(signal === undefined ? signals : [...signals, signal])
    end.throwIfAborted()
    // The SDK's own timeout ends with the answer's head, and its waits between tries hear no signal: hence the race.
    const ended = once(end, 'abort').then((): never => {
      throw end.reason
    })
    const answer = client.embeddings.create(
      {
        model: config.model,
        input: batch.map(({ text }) => text),
        encoding_format: 'float', // not every server knows the SDK's default, base64
        ...(asksForDimensions && { dimensions: config.dimensions }),
      },
      { signal: end },
    )
    return Promise.race([answer, ended])
  }
}

/** Some servers refuse the parameter for a model of fixed width; then it is left out, and the answer's width checked all the same. */
function refusesDimensions(error: unknown): boolean {
  return error instanceof BadRequestError && /dimension|matryoshka/i.test(error.message)
}
