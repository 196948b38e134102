/** A server that speaks the chat completions API, labels by a rule, and misbehaves on request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ChatRequest {
  readonly model: string
  readonly messages: { readonly role: string; readonly content: string }[]
  readonly response_format: { readonly type: string; readonly json_schema: { readonly strict: boolean; readonly schema: unknown } }
  readonly tools?: unknown
}

/** A group as the prompt describes it. */
export interface Group {
  readonly id: string
  readonly messages: readonly string[]
  readonly key_phrases: readonly string[]
  readonly contrast: readonly { readonly label: string; readonly message: string }[]
  readonly current_label: string | null
}

export interface Proposal {
  readonly label: string
  readonly description: string
  readonly keep_current?: boolean
}

/** Answers a request itself and returns true, or returns false for the usual answer. */
export type Misbehaviour = (response: ServerResponse, groups: readonly Group[]) => boolean

export interface ModelServer {
  readonly baseURL: string
  /** Bodies received, oldest first: one per call, retries included. */
  readonly requests: ChatRequest[]
  /** The usual label of a group. */
  propose: (group: Group) => Proposal
  misbehave: Misbehaviour
  close(): Promise<void>
}

export const goodProposal = (group: Group): Proposal => ({
  label: `${group.key_phrases[0] ?? 'general'} requests`,
  description: 'People ask for help with this.',
})

/** Starts it on a free port of the loopback address. */
export async function startModelServer(): Promise<ModelServer> {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const self: ModelServer = {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: [],
    propose: goodProposal,
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
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest
    self.requests.push(body)
    const groups = groupsOf(body)
    if (self.misbehave(response, groups)) return
    const labels = groups.map((group) => ({ id: group.id, keep_current: false, ...self.propose(group) }))
    sendCompletion(response, { content: JSON.stringify({ groups: labels }) })
  }
}

/** The groups that a request asks to name. */
export function groupsOf(request: ChatRequest): Group[] {
  const user = request.messages.find(({ role }) => role === 'user')!
  return (JSON.parse(user.content) as { groups: Group[] }).groups
}

/** A chat completion of 1000 and 200 tokens. */
export function sendCompletion(response: ServerResponse, message: Record<string, unknown>, finishReason = 'stop'): void {
  const choice = { index: 0, finish_reason: finishReason, message: { role: 'assistant', ...message } }
  const usage = { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 }
  sendJson(response, 200, { id: 'c', object: 'chat.completion', created: 0, model: 'fake', choices: [choice], usage })
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
