/** Demo conversations as GenAI spans, the way an instrumented application sends them. */
import { createHash } from 'node:crypto'
import { METADATA_PREFIX } from '@turret/exporter/attributes'
import type { DemoEvent, DemoSession } from './types.ts'

/** OTLP/JSON. Source: opentelemetry-proto, JSON Protobuf encoding. */
type OtlpValue = { stringValue: string } | { intValue: string } | { doubleValue: number }

interface OtlpAttribute {
  key: string
  value: OtlpValue
}

export interface OtlpSpan {
  traceId: string
  spanId: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: OtlpAttribute[]
  status: { code?: number; message?: string }
}

/** The JSON body of `POST /v1/traces`. */
export interface OtlpRequest {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] }
    scopeSpans: { scope: { name: string; version: string }; spans: OtlpSpan[] }[]
  }[]
}

const kindClient = 3
const statusError = 2

/**
 * One request with one `chat` span per turn, each in a trace of its own, as one HTTP request of the application makes it.
 * Each span carries the whole history, as GenAI instrumentations do. Source: OpenTelemetry GenAI conventions 1.41.
 */
export function toOtlpRequest(sessions: Iterable<DemoSession>): OtlpRequest {
  const spans = [...sessions].flatMap(({ events }) => events.map((_event, index) => toSpan(events, index)))
  return {
    resourceSpans: [
      {
        resource: { attributes: toAttributes({ 'service.name': 'fernboard-assistant', 'deployment.environment.name': 'demo' }) },
        scopeSpans: [{ scope: { name: 'turret-demo', version: '1' }, spans }],
      },
    ],
  }
}

function toSpan(events: readonly DemoEvent[], index: number): OtlpSpan {
  const event = events[index]!
  const id = createHash('sha256').update(`${event.sessionId} ${index}`).digest('hex')
  const startMs = event.timestamp.getTime()
  return {
    traceId: id.slice(0, 32),
    spanId: id.slice(32, 48),
    name: `chat ${event.model}`,
    kind: kindClient,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + event.latencyMs}000000`,
    attributes: attributesOf(events.slice(0, index), event),
    status: event.error === undefined ? {} : { code: statusError, message: event.error },
  }
}

function attributesOf(history: readonly DemoEvent[], event: DemoEvent): OtlpAttribute[] {
  const { prompt: _prompt, ...metadata } = event.metadata
  const fields = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`${METADATA_PREFIX}${key}`, value]))
  const messages = [
    ...history.flatMap(({ metadata, answer }) => toMessages(metadata.prompt, answer)),
    ...toMessages(event.metadata.prompt, ''),
  ]
  return toAttributes({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.agent.name': event.name,
    'gen_ai.request.model': event.model,
    'gen_ai.response.model': event.model,
    'gen_ai.conversation.id': event.sessionId,
    'user.id': event.userId,
    'gen_ai.input.messages': JSON.stringify(messages),
    ...(event.answer === ''
      ? {}
      : { 'gen_ai.output.messages': JSON.stringify([{ ...toMessage('assistant', event.answer), finish_reason: 'stop' }]) }),
    'gen_ai.usage.input_tokens': event.inputTokens,
    'gen_ai.usage.output_tokens': event.outputTokens,
    ...(event.error === undefined ? {} : { 'error.type': event.error }),
    ...fields,
  })
}

function toMessages(prompt: string, answer: string): ReturnType<typeof toMessage>[] {
  return answer === '' ? [toMessage('user', prompt)] : [toMessage('user', prompt), toMessage('assistant', answer)]
}

function toMessage(role: 'user' | 'assistant', content: string): { role: string; parts: { type: 'text'; content: string }[] } {
  return { role, parts: [{ type: 'text', content }] }
}

function toAttributes(values: Record<string, string | number>): OtlpAttribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: toValue(value) }))
}

function toValue(value: string | number): OtlpValue {
  if (typeof value === 'string') return { stringValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
