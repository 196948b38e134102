/** Where each instrumentation keeps the user's latest message: a table, tried from top to bottom. */
import type { AttributeValue, Attributes } from '../../wire/value.ts'
import type { CandidateSpan } from '../candidate.ts'
import { type Message, flattenedMessages, isCutJson, isRecord, messagesOf, parseJson, toMessages } from './messages.ts'

/** The latest user message and its place in the conversation. */
export interface UserTurn {
  readonly text: string
  /** How many user messages the history holds, this one included: 1, 2, … */
  readonly ordinal: number
  /** Tool results or answers follow the message: the model goes on with a turn that began before. */
  readonly isContinued: boolean
}

type Told = Pick<CandidateSpan, 'attributes' | 'events'>

/** One row of the table: how a history is read from a span. */
export interface HistorySource {
  readonly attribute: string
  readonly sentBy: string
  read(span: Told): Message[]
}

/**
 * The sources in order of priority; the first that holds a user message wins.
 * A whole-request JSON (`input.value`) comes last: it also rescues histories that lost attributes to the SDK's limit of 128.
 */
export const historySources: readonly HistorySource[] = [
  {
    attribute: 'gen_ai.input.messages',
    sentBy: 'OpenTelemetry GenAI conventions, OpenLLMetry, Vercel AI SDK 7, PydanticAI, Logfire, LiteLLM',
    read: ({ attributes }) => messagesOf(attributes['gen_ai.input.messages']),
  },
  { attribute: 'pydantic_ai.all_messages', sentBy: 'PydanticAI', read: ({ attributes }) => newPydanticMessages(attributes) },
  requestIn('ai.prompt.messages', 'Vercel AI SDK up to 6'),
  requestIn('ai.prompt', 'Vercel AI SDK up to 6'),
  {
    attribute: 'llm.input_messages.N',
    sentBy: 'OpenInference',
    // An SDK that cut the attributes at its limit dropped the newest messages: the whole request knows better.
    read: ({ attributes }) => {
      const flattened = flattenedMessages(attributes, 'llm.input_messages')
      const whole = flattened.length === 0 ? [] : fromRequest(attributes['input.value'])
      return whole.length > flattened.length ? whole : flattened
    },
  },
  {
    attribute: 'gen_ai.prompt.N',
    sentBy: 'older OpenLLMetry',
    read: ({ attributes }) => flattenedMessages(attributes, 'gen_ai.prompt'),
  },
  requestIn('gen_ai.prompt', 'LangSmith'),
  requestIn('langfuse.observation.input', 'Langfuse'),
  requestIn('langfuse.trace.input', 'Langfuse'),
  requestIn('mlflow.spanInputs', 'MLflow'),
  requestIn('traceloop.entity.input', 'OpenLLMetry'),
  requestIn('input.value', 'OpenInference'),
  {
    attribute: 'event gen_ai.content.prompt',
    sentBy: 'OpenTelemetry GenAI conventions up to 1.27',
    read: ({ events }) => fromRequest(events.findLast((event) => event.name === 'gen_ai.content.prompt')?.attributes['gen_ai.prompt']),
  },
]

/** The user's latest message that a span tells of; undefined when it tells of none. */
export function userTurnOf(span: Told): UserTurn | undefined {
  for (const source of historySources) {
    const turn = lastUserTurn(source.read(span))
    if (turn !== undefined) return turn
  }
  return undefined
}

/** Does a span hold a history that was cut in half, so that its text is lost? */
export function hasCutHistory({ attributes }: Told): boolean {
  return historySources.some(({ attribute }) => isCutJson(attributes[attribute]))
}

/** The last message of role user that has a text. */
export function lastUserTurn(messages: readonly Message[]): UserTurn | undefined {
  const last = messages.findLastIndex(isUserText)
  if (last === -1) return undefined
  const isContinued = messages.slice(last + 1).some(({ role }) => role === 'assistant' || role === 'tool')
  return { text: messages[last]!.text, ordinal: messages.filter(isUserText).length, isContinued }
}

function isUserText({ role, text }: Message): boolean {
  return role === 'user' && text.trim() !== ''
}

function requestIn(attribute: string, sentBy: string): HistorySource {
  return { attribute, sentBy, read: ({ attributes }) => fromRequest(attributes[attribute]) }
}

/** An agent's run repeats the messages of earlier runs; the index says where its own begin. */
function newPydanticMessages(attributes: Attributes): Message[] {
  const messages = messagesOf(attributes['pydantic_ai.all_messages'])
  const start = Number(attributes['pydantic_ai.new_message_index'] ?? 0)
  // What the model answered within this run does not make the user's message an old one.
  const end = messages.findLastIndex((message, i) => i >= start && isUserText(message)) + 1
  return messages.slice(0, end)
}

/** Keys of a request object that may hold the history or the question itself. */
const requestKeys = ['messages', 'input', 'question', 'query', 'prompt', 'text'] as const

/** A request as JSON text or value: a history, an object around one, or the plain question. */
function fromRequest(value: AttributeValue | undefined): Message[] {
  if (value === undefined || value === null || isCutJson(value)) return []
  const request = typeof value === 'string' ? (parseJson(value) ?? value) : value
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
