/** What part a span plays in a turn: a table of the attributes by which instrumentations say it, tried from top to bottom. */
import type { CandidateSpan } from '../candidate.ts'

/** `call` = a model's call; `agent` = a span around calls; `tool` = a tool's run; `other` = embeddings, retrieval, guardrails, steps. */
export type SpanRole = 'call' | 'agent' | 'tool' | 'other'

/** One row: the first of these attributes that a span has decides; a value that is not listed is `other`. */
interface RoleSource {
  readonly attribute: string
  readonly call: readonly string[]
  readonly agent: readonly string[]
  readonly tool: readonly string[]
}

/** Values in lower case, without quotes. */
export const roleSources: readonly RoleSource[] = [
  {
    attribute: 'gen_ai.operation.name',
    call: ['chat', 'text_completion', 'generate_content', 'completion', 'acompletion'],
    agent: ['invoke_agent', 'invoke_workflow', 'create_agent'],
    tool: ['execute_tool'],
  },
  { attribute: 'openinference.span.kind', call: ['llm'], agent: ['chain', 'agent'], tool: ['tool'] },
  {
    attribute: 'ai.operationId',
    call: ['ai.generatetext.dogenerate', 'ai.streamtext.dostream', 'ai.generateobject.dogenerate', 'ai.streamobject.dostream'],
    agent: ['ai.generatetext', 'ai.streamtext', 'ai.generateobject', 'ai.streamobject'],
    tool: ['ai.toolcall'],
  },
  { attribute: 'langfuse.observation.type', call: ['generation'], agent: ['span', 'agent', 'chain'], tool: ['tool'] },
  { attribute: 'traceloop.span.kind', call: [], agent: ['workflow', 'agent'], tool: ['tool'] },
  { attribute: 'langsmith.span.kind', call: ['llm'], agent: ['chain', 'agent'], tool: ['tool'] },
  { attribute: 'mlflow.spanType', call: ['llm', 'chat_model'], agent: ['chain', 'agent'], tool: ['tool'] },
  { attribute: 'llm.request.type', call: ['chat', 'completion'], agent: [], tool: [] },
]

/** Attributes that only calls carry, and those that any span around calls may carry, for spans that say nothing of their kind. */
const callMarks = ['gen_ai.input.messages', 'gen_ai.prompt.0.role', 'gen_ai.prompt']
const agentMarks = ['input.value', 'mlflow.spanInputs', 'langfuse.observation.input', 'traceloop.entity.input', 'pydantic_ai.all_messages']

export function roleOf({ attributes, events }: Pick<CandidateSpan, 'attributes' | 'events'>): SpanRole {
  for (const source of roleSources) {
    const value = attributes[source.attribute]
    if (typeof value !== 'string' || value === '') continue
    const kind = value.replaceAll('"', '').toLowerCase()
    return source.call.includes(kind) ? 'call' : source.agent.includes(kind) ? 'agent' : source.tool.includes(kind) ? 'tool' : 'other'
  }
  if (callMarks.some((key) => attributes[key] !== undefined)) return 'call'
  if (events.some((event) => event.name === 'gen_ai.content.prompt')) return 'call'
  return agentMarks.some((key) => attributes[key] !== undefined) ? 'agent' : 'other'
}
