/** One question to an OpenAI-compatible server, with every limit that a stranger's server needs. */
import { APIConnectionTimeoutError, APIUserAbortError, OpenAI } from 'openai'
import type { Tokens } from './budget.ts'

/** Where the model is. */
export interface ModelServer {
  /** Absent or '': OpenAI. */
  readonly baseURL?: string
  /** '' for servers that want none. */
  readonly apiKey: string
  readonly model: string
  /** For one request with its retry. */
  readonly timeoutMs: number
}

export interface Completion {
  readonly text: string
  /** What the server says it used. */
  readonly tokens: Tokens | undefined
}

/** What an answer must look like; the name tells a reader of the server's log what was asked. */
export interface AnswerForm {
  readonly name: string
  readonly schema: Record<string, unknown>
}

/** Asks a model for JSON of a given form. */
export interface CompletionClient {
  /**
   * @throws UnusableAnswerError when the model refuses, calls a tool or stops in the middle; other errors when the server
   * fails, hangs or is none
   */
  complete(
    messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[],
    form: AnswerForm,
    signal?: AbortSignal,
  ): Promise<Completion>
}

/** The model worked, and costs, but for nothing. */
class UnusableAnswerError extends Error {
  override readonly name = 'UnusableAnswerError'
  readonly tokens: Tokens | undefined

  constructor(message: string, tokens: Tokens | undefined) {
    super(message)
    this.tokens = tokens
  }
}

/** Tokens that a failed call may be billed for: none when the server answered with an error or was not reached. */
export function billedTokens(error: unknown, estimate: Tokens): Tokens | undefined {
  if (error instanceof UnusableAnswerError) return error.tokens ?? estimate
  const isTimeout = error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError
  return isTimeout ? estimate : undefined
}

/** Most tokens of one answer: twelve labels need 700, models that think need more. */
export const maxAnswerTokens = 4000

const maxResponseBytes = 1024 * 1024 // an answer of 4000 tokens has some 20 kB

/** A client of the chat completions interface; logs nothing, for its logs would hold users' texts. */
export function createCompletionClient({ baseURL, apiKey, model, timeoutMs }: ModelServer): CompletionClient {
  const client = new OpenAI({
    ...(baseURL ? { baseURL } : {}),
    apiKey: apiKey || 'none',
    timeout: timeoutMs,
    maxRetries: 1,
    logLevel: 'off',
    fetch: fetchLimited,
  })
  return {
    async complete(messages, { name, schema }, signal) {
      // The client's own timeout ends with the headers; this one holds for the body too.
      const deadline = AbortSignal.timeout(timeoutMs)
      const completion = await client.chat.completions.create(
        {
          model,
          messages: [...messages],
          max_completion_tokens: maxAnswerTokens,
          response_format: { type: 'json_schema', json_schema: { name, strict: true, schema } },
        },
        { signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]) },
      )
      return toCompletion(completion)
    },
  }
}

function toCompletion(completion: OpenAI.ChatCompletion): Completion {
  // A server may answer anything with status 200, HTML included: nothing of the declared type is sure.
  const choice = (completion as Partial<OpenAI.ChatCompletion> | undefined)?.choices?.[0]
  if (choice?.message === undefined) throw new Error('the model server answered something else than a chat completion')
  const tokens = toTokens(completion.usage)
  if ((choice.message.tool_calls?.length ?? 0) > 0) throw new UnusableAnswerError('the model called a tool though none is offered', tokens)
  if (choice.finish_reason === 'length') throw new UnusableAnswerError(`the answer is longer than ${maxAnswerTokens} tokens`, tokens)
  if (typeof choice.message.content !== 'string') throw new UnusableAnswerError('the model gave no answer', tokens)
  return { text: choice.message.content, tokens }
}

function toTokens(usage: Partial<OpenAI.CompletionUsage> | undefined): Tokens | undefined {
  const { prompt_tokens: input, completion_tokens: output } = usage ?? {}
  return isCount(input) && isCount(output) ? { input, output } : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

async function fetchLimited(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init)
  if (response.body === null) return response
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > maxResponseBytes) controller.error(new Error(`the model server's answer exceeds ${maxResponseBytes} bytes`))
      else controller.enqueue(chunk)
    },
  })
  return new Response(response.body.pipeThrough(limit), response)
}
