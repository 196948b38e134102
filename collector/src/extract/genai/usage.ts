/** Model, tokens and cost of a call, and its names: tables of attributes, tried from left to right. */
import { type Attributes, toText } from '../../wire/value.ts'
import { isRecord, parseJson } from './messages.ts'

export const modelAttributes: readonly string[] = [
  'gen_ai.response.model',
  'gen_ai.request.model',
  'llm.model_name',
  'ai.response.model',
  'ai.model.id',
  'langfuse.observation.model.name',
]

export const inputTokenAttributes: readonly string[] = [
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.prompt_tokens',
  'llm.token_count.prompt',
  'ai.usage.inputTokens',
  'ai.usage.promptTokens',
  'llm.usage.prompt_tokens',
]

export const outputTokenAttributes: readonly string[] = [
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.completion_tokens',
  'llm.token_count.completion',
  'ai.usage.outputTokens',
  'ai.usage.completionTokens',
  'llm.usage.completion_tokens',
]

export const costAttributes: readonly string[] = ['gen_ai.usage.cost', 'llm.cost.total']

/** What the application calls the agent, function or workflow that ran. */
export const nameAttributes: readonly string[] = [
  'gen_ai.agent.name',
  'agent.name',
  'ai.telemetry.functionId',
  'langfuse.trace.name',
  'traceloop.workflow.name',
]

export const toolAttributes: readonly string[] = ['gen_ai.tool.name', 'ai.toolCall.name', 'tool.name', 'traceloop.entity.name']

/** Tokens, and US dollars. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost: number
}

export function usageOf(attributes: Attributes): Usage {
  const tokens = parsed(attributes, 'langfuse.observation.usage_details')
  return {
    inputTokens: firstNumber(attributes, inputTokenAttributes) || toPositive(tokens['input']),
    outputTokens: firstNumber(attributes, outputTokenAttributes) || toPositive(tokens['output']),
    cost: firstNumber(attributes, costAttributes) || toPositive(parsed(attributes, 'langfuse.observation.cost_details')['total']),
  }
}

/** The first of `names` that has a value, as text; '' when none has. */
export function firstText(attributes: Attributes, names: readonly string[]): string {
  for (const name of names) {
    const value = attributes[name]
    if (value !== undefined && value !== null && value !== '') return toText(value)
  }
  return ''
}

function firstNumber(attributes: Attributes, names: readonly string[]): number {
  for (const name of names) {
    const number = toPositive(attributes[name])
    if (number > 0) return number
  }
  return 0
}

function toPositive(value: unknown): number {
  const number = Number(value ?? 0)
  return Number.isFinite(number) && number > 0 ? number : 0
}

function parsed(attributes: Attributes, name: string): Record<string, unknown> {
  const value = attributes[name]
  const object = typeof value === 'string' ? parseJson(value) : value
  return isRecord(object) ? object : {}
}
