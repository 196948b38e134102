/** Where each instrumentation keeps the user's latest message: a table, tried from top to bottom. */
import type { Attributes } from '../../wire/value.ts'
import { type Message, flattenedMessages, isRecord, messagesOf, parseJson, toMessages } from './messages.ts'

/** The latest user message and its place in the conversation. */
export interface UserTurn {
  readonly text: string
  /** How many user messages the history holds, this one included: 1, 2, … */
  readonly ordinal: number
}

/** One row of the table: how a history is read from a span's attributes. */
export interface HistorySource {
  readonly attribute: string
  readonly sentBy: string
  read(attributes: Attributes): Message[]
}

/**
 * The sources in order of priority; the first that holds a user message wins.
 * A whole-request JSON (`input.value`) comes last: it also rescues histories that lost attributes to the SDK's limit of 128.
 */
export const historySources: readonly HistorySource[] = [
  {
    attribute: 'gen_ai.input.messages',
    sentBy: 'OpenTelemetry GenAI conventions, OpenLLMetry, Vercel AI SDK 7, Logfire',
    read: (attributes) => messagesOf(attributes['gen_ai.input.messages']),
  },
  { attribute: 'pydantic_ai.all_messages', sentBy: 'PydanticAI', read: (attributes) => messagesOf(attributes['pydantic_ai.all_messages']) },
  { attribute: 'ai.prompt.messages', sentBy: 'Vercel AI SDK 6', read: (attributes) => messagesOf(attributes['ai.prompt.messages']) },
  { attribute: 'ai.prompt', sentBy: 'Vercel AI SDK 6', read: (attributes) => fromRequest(attributes['ai.prompt']) },
  {
    attribute: 'llm.input_messages.N',
    sentBy: 'OpenInference',
    // An SDK that cut the attributes at its limit dropped the newest messages: the whole request knows better.
    read: (attributes) => {
      const flattened = flattenedMessages(attributes, 'llm.input_messages')
      const whole = fromRequest(attributes['input.value'])
      return whole.length > flattened.length ? whole : flattened
    },
  },
  { attribute: 'gen_ai.prompt.N', sentBy: 'older OpenLLMetry', read: (attributes) => flattenedMessages(attributes, 'gen_ai.prompt') },
  { attribute: 'gen_ai.prompt', sentBy: 'LangSmith', read: (attributes) => fromRequest(attributes['gen_ai.prompt']) },
  {
    attribute: 'langfuse.observation.input',
    sentBy: 'Langfuse',
    read: (attributes) => fromRequest(attributes['langfuse.observation.input']),
  },
  { attribute: 'langfuse.trace.input', sentBy: 'Langfuse', read: (attributes) => fromRequest(attributes['langfuse.trace.input']) },
  { attribute: 'mlflow.spanInputs', sentBy: 'MLflow', read: (attributes) => fromRequest(attributes['mlflow.spanInputs']) },
  { attribute: 'traceloop.entity.input', sentBy: 'OpenLLMetry', read: (attributes) => fromRequest(attributes['traceloop.entity.input']) },
  { attribute: 'input.value', sentBy: 'OpenInference', read: (attributes) => fromRequest(attributes['input.value']) },
]

/** The user's new message in these attributes; undefined when they hold none, or only a continuation of an earlier turn. */
export function userTurnOf(attributes: Attributes): UserTurn | undefined {
  for (const source of historySources) {
    const messages = source.read(attributes)
    if (messages.some((message) => message.role === 'user' && message.text.trim() !== '')) return lastUserTurn(messages)
  }
  return undefined
}

/**
 * The last user message, unless tool results or answers follow it: then the model is working on a turn that was counted
 * already.
 */
export function lastUserTurn(messages: readonly Message[]): UserTurn | undefined {
  const last = messages.findLastIndex((message) => message.role === 'user' && message.text.trim() !== '')
  if (last === -1 || messages.slice(last + 1).some((message) => message.role === 'assistant' || message.role === 'tool')) return undefined
  const ordinal = messages.filter((message) => message.role === 'user' && message.text.trim() !== '').length
  return { text: messages[last]!.text, ordinal }
}

/** Keys of a request object that may hold the history or the question itself. */
const requestKeys = ['messages', 'input', 'question', 'query', 'prompt', 'text'] as const

/** A request as JSON text or value: a history, an object around one, or the plain question. */
function fromRequest(value: Attributes[string] | undefined): Message[] {
  if (value === undefined || value === null) return []
  const request = typeof value === 'string' ? (parseJson(value) ?? (looksLikeJson(value) ? undefined : value)) : value
  if (typeof request === 'string') return [{ role: 'user', text: request, tools: [] }]
  if (Array.isArray(request)) return toMessages(request)
  if (!isRecord(request)) return []
  for (const key of requestKeys) {
    const inner = request[key]
    if (typeof inner === 'string' && inner.trim() !== '') return [{ role: 'user', text: inner, tools: [] }]
    if (Array.isArray(inner) && inner.length > 0) return toMessages(inner)
  }
  return []
}

/** JSON cut in half is not a user's question. */
function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text)
}
