/** An OpenAI endpoint that answers by a fixed script: whoever asks when something arrives gets a tool call first. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeOpenAi {
  /** What goes into OPENAI_BASE_URL. */
  readonly url: string
  close(): Promise<void>
}

interface Message {
  readonly role: string
  readonly content?: unknown
}

export const answers = { 'Where is my parcel?': 'It is in Bern.', 'When will it arrive?': 'Tomorrow.' } as const

export async function startFakeOpenAi(): Promise<FakeOpenAi> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as { messages: readonly Message[] }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completionOf(messages)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function completionOf(messages: readonly Message[]): object {
  const asksForTime = JSON.stringify(messages.findLast(({ role }) => role === 'user')?.content).includes('arrive')
  const needsTool = asksForTime && messages.at(-1)?.role === 'user'
  const tool = { id: 'call_1', type: 'function', function: { name: 'find_parcel', arguments: '{}' } }
  const text = asksForTime ? answers['When will it arrive?'] : answers['Where is my parcel?']
  const message = { role: 'assistant', refusal: null, ...(needsTool ? { content: null, tool_calls: [tool] } : { content: text }) }
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, message, logprobs: null, finish_reason: needsTool ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 },
  }
}
