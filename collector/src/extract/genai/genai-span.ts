/** Events from the spans of GenAI instrumentations: one event for each turn of the user. */
import { createHash } from 'node:crypto'
import type { Attributes, AttributeValue } from '../../wire/value.ts'
import { toText } from '../../wire/value.ts'
import type { CandidateSpan } from '../candidate.ts'
import type { ExtractedEvent } from '../event.ts'
import { firstNamed, metadataFields, sessionAttributes, userAttributes } from './identity.ts'
import { type Message, flattenedMessages, isRecord, messagesOf, parseJson, textOf, toMessages } from './messages.ts'
import { userTurnOf } from './user-text.ts'

/** `call` = a call of a language model; `agent` = a span around calls; `other` = embeddings, tools, retrieval, guardrails. */
export type SpanRole = 'call' | 'agent' | 'other'

const callOperations = new Set(['chat', 'text_completion', 'generate_content', 'completion'])
const agentOperations = new Set(['invoke_agent', 'create_agent', 'agent', 'workflow'])

/** What part a span plays in a turn. */
export function roleOf({ attributes }: CandidateSpan): SpanRole {
  const operation = attributes['gen_ai.operation.name']
  if (typeof operation === 'string') return callOperations.has(operation) ? 'call' : agentOperations.has(operation) ? 'agent' : 'other'
  const kind = attributes['openinference.span.kind']
  if (typeof kind === 'string') return kind === 'LLM' ? 'call' : kind === 'CHAIN' || kind === 'AGENT' ? 'agent' : 'other'
  const vercel = attributes['ai.operationId']
  if (typeof vercel === 'string') {
    return /\.do(Generate|Stream)$/.test(vercel) ? 'call' : /^ai\.(generate|stream)(Text|Object)$/.test(vercel) ? 'agent' : 'other'
  }
  const langfuse = attributes['langfuse.observation.type']
  if (typeof langfuse === 'string')
    return langfuse === 'generation' ? 'call' : langfuse === 'span' || langfuse === 'agent' ? 'agent' : 'other'
  const traceloop = attributes['traceloop.span.kind']
  if (typeof traceloop === 'string') return traceloop === 'workflow' || traceloop === 'agent' ? 'agent' : 'other'
  if (
    attributes['llm.request.type'] === 'chat' ||
    attributes['gen_ai.prompt.0.role'] !== undefined ||
    attributes['gen_ai.prompt'] !== undefined
  )
    return 'call'
  return attributes['input.value'] !== undefined || attributes['mlflow.spanInputs'] !== undefined ? 'agent' : 'other'
}

/** The event of one span, or undefined when the span holds no new message of a user. */
export function eventOfGenAiSpan(span: CandidateSpan): ExtractedEvent | undefined {
  const turn = userTurnOf(span.attributes)
  if (turn === undefined) return undefined
  const { attributes } = span
  const session = firstNamed(attributes, sessionAttributes)
  const answer = answerOf(attributes)
  return {
    eventId: turnId(span.traceId, turn.ordinal, turn.text),
    sessionId: session?.value ?? span.traceId,
    sessionSource: session?.source ?? 'trace',
    userId: firstNamed(attributes, userAttributes)?.value ?? '',
    name: nameOf(span),
    dimension: 'prompt',
    dimensionRank: 0,
    text: turn.text,
    fields: metadataFields(attributes),
    answer: answer.text,
    tools: answer.tools,
    model: firstText(attributes, [
      'gen_ai.response.model',
      'gen_ai.request.model',
      'llm.model_name',
      'ai.response.model',
      'ai.model.id',
      'langfuse.observation.model.name',
    ]),
    inputTokens:
      firstNumber(attributes, [
        'gen_ai.usage.input_tokens',
        'gen_ai.usage.prompt_tokens',
        'llm.token_count.prompt',
        'ai.usage.inputTokens',
        'ai.usage.promptTokens',
        'llm.usage.prompt_tokens',
      ]) || usage(attributes, 'input'),
    outputTokens:
      firstNumber(attributes, [
        'gen_ai.usage.output_tokens',
        'gen_ai.usage.completion_tokens',
        'llm.token_count.completion',
        'ai.usage.outputTokens',
        'ai.usage.completionTokens',
        'llm.usage.completion_tokens',
      ]) || usage(attributes, 'output'),
    cost: firstNumber(attributes, ['gen_ai.usage.cost', 'llm.cost.total', 'langfuse.observation.cost_details.total']),
    latencyMs: Math.max(0, Number(span.endTimeUnixNano - span.startTimeUnixNano) / 1e6),
    isError: span.isError,
    statusMessage: span.statusMessage,
    traceId: span.traceId,
    spanId: span.spanId,
    timeUnixNano: span.startTimeUnixNano,
  }
}

/** 32 hex digits, the same for every span that carries the same turn: root, agent step, call and its retries. */
export function turnId(traceId: string, ordinal: number, text: string): string {
  return createHash('sha256').update(`${traceId}\n${ordinal}\n`).update(text).digest('hex').slice(0, 32)
}

function nameOf({ attributes, name }: CandidateSpan): string {
  return (
    firstText(attributes, ['gen_ai.agent.name', 'ai.telemetry.functionId', 'langfuse.trace.name', 'traceloop.workflow.name']) ||
    firstText(attributes, ['gen_ai.operation.name']) ||
    name
  )
}

/** The assistant's reply and the tools it called. */
function answerOf(attributes: Attributes): { text: string; tools: string[] } {
  for (const read of answerSources) {
    const messages = read(attributes).filter((message) => message.role === 'assistant' || message.role === '')
    const text = messages
      .map((message) => message.text)
      .filter((part) => part !== '')
      .join('\n')
    const tools = messages.flatMap((message) => message.tools)
    if (text !== '' || tools.length > 0) return { text, tools }
  }
  return { text: '', tools: [] }
}

const answerSources: readonly ((attributes: Attributes) => Message[])[] = [
  (attributes) => messagesOf(attributes['gen_ai.output.messages']),
  (attributes) => plainAnswer(attributes['ai.response.text'], attributes['ai.response.toolCalls']),
  (attributes) => flattenedMessages(attributes, 'llm.output_messages'),
  (attributes) => flattenedMessages(attributes, 'gen_ai.completion'),
  (attributes) => fromOutput(attributes['langfuse.observation.output']),
  (attributes) => fromOutput(attributes['traceloop.entity.output']),
]

function plainAnswer(text: AttributeValue | undefined, calls: AttributeValue | undefined): Message[] {
  const tools = typeof calls === 'string' ? parseJson(calls) : calls
  const [message] = toMessages([{ role: 'assistant', content: typeof text === 'string' ? text : '', tool_calls: tools }])
  return message === undefined ? [] : [message]
}

function fromOutput(value: AttributeValue | undefined): Message[] {
  if (value === undefined || value === null) return []
  const output = typeof value === 'string' ? (parseJson(value) ?? value) : value
  if (typeof output === 'string') return [{ role: 'assistant', text: output, tools: [] }]
  if (Array.isArray(output)) return toMessages(output)
  return isRecord(output) ? [{ role: 'assistant', text: textOf(output['content']), tools: [] }] : []
}

function firstText(attributes: Attributes, names: readonly string[]): string {
  for (const name of names) {
    const value = attributes[name]
    if (value !== undefined && value !== null && value !== '') return toText(value)
  }
  return ''
}

function firstNumber(attributes: Attributes, names: readonly string[]): number {
  for (const name of names) {
    const number = Number(attributes[name] ?? Number.NaN)
    if (Number.isFinite(number) && number > 0) return number
  }
  return 0
}

function usage(attributes: Attributes, side: 'input' | 'output'): number {
  const details = attributes['langfuse.observation.usage_details']
  const parsed = typeof details === 'string' ? parseJson(details) : undefined
  const value = isRecord(parsed) ? Number(parsed[side]) : 0
  return Number.isFinite(value) && value > 0 ? value : 0
}
