/** The assistant's reply and the tools it called: a table of the attributes that hold them, tried from top to bottom. */
import type { AttributeValue, Attributes } from '../../wire/value.ts'
import { type Message, flattenedMessages, isCutJson, isRecord, messagesOf, parseJson, textOf, toMessages } from './messages.ts'

export interface Answer {
  readonly text: string
  readonly tools: readonly string[]
}

export function answerOf(attributes: Attributes): Answer {
  for (const read of answerSources) {
    const messages = read(attributes)
    if (messages.length === 0) continue
    const answer = toAnswer(messages)
    if (answer.text !== '' || answer.tools.length > 0) return answer
  }
  return { text: '', tools: [] }
}

/** The texts and tool calls of the assistant among `messages`. */
export function toAnswer(messages: readonly Message[]): Answer {
  const own = messages.filter(({ role }) => role === 'assistant' || role === '')
  const texts = own.map(({ text }) => text).filter((text) => text !== '')
  return { text: texts.join('\n'), tools: [...new Set(own.flatMap(({ tools }) => tools))] }
}

const answerSources: readonly ((attributes: Attributes) => Message[])[] = [
  (attributes) => messagesOf(attributes['gen_ai.output.messages']),
  (attributes) => vercelAnswer(attributes['ai.response.text'], attributes['ai.response.toolCalls']),
  (attributes) => flattenedMessages(attributes, 'llm.output_messages'),
  (attributes) => flattenedMessages(attributes, 'gen_ai.completion'),
  (attributes) => fromOutput(attributes['final_result']), // PydanticAI's agent span
  (attributes) => fromOutput(attributes['langfuse.observation.output']),
  (attributes) => fromOutput(attributes['mlflow.spanOutputs']),
  (attributes) => fromOutput(attributes['traceloop.entity.output']),
  (attributes) => (attributes['output.mime_type'] === 'application/json' ? [] : fromOutput(attributes['output.value'])),
]

function vercelAnswer(text: AttributeValue | undefined, calls: AttributeValue | undefined): Message[] {
  if (text === undefined && calls === undefined) return []
  const tools = typeof calls === 'string' ? parseJson(calls) : calls
  return toMessages([{ role: 'assistant', content: typeof text === 'string' ? text : '', tool_calls: tools }])
}

function fromOutput(value: AttributeValue | undefined): Message[] {
  if (value === undefined || value === null || isCutJson(value)) return []
  const output = typeof value === 'string' ? (parseJson(value) ?? value) : value
  if (typeof output === 'string') return [{ role: 'assistant', text: output, tools: [] }]
  if (Array.isArray(output)) return toMessages(output)
  if (!isRecord(output)) return []
  return output['content'] === undefined ? [] : [{ role: 'assistant', text: textOf(output['content']), tools: [] }]
}
