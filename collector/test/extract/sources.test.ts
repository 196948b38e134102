/** The forms in which instrumentations send texts, sessions and roles, beyond those of the samples. */
import { describe, expect, it } from 'vitest'
import { createExtractor, defaultExtractOptions } from '../../src/extract/extract-turns.ts'
import { scanTraces } from '../../src/extract/scan-traces.ts'
import { type Value, tracesRequest } from '../otlp.ts'
import { agent, call, eventsOf, partsOf } from './spans.ts'

const question = 'Where is my parcel?'
const chat = [['user', question]] as const
const history = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
  { role: 'user', content: question },
]

const sources: readonly [sentBy: string, attributes: Record<string, Value>][] = [
  [
    'structured messages',
    { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: question }] }] },
  ],
  ['messages with plain content', { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': JSON.stringify(history) }],
  ['older OpenLLMetry', { 'llm.request.type': 'chat', 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': question }],
  [
    'LangSmith',
    {
      'langsmith.span.kind': 'llm',
      'gen_ai.prompt': JSON.stringify({ messages: [[{ lc: 1, id: ['HumanMessage'], kwargs: { type: 'human', content: question } }]] }),
    },
  ],
  ['MLflow', { 'mlflow.spanType': '"CHAT_MODEL"', 'mlflow.spanInputs': JSON.stringify({ messages: history }) }],
  ['OpenLLMetry workflow', { 'traceloop.span.kind': 'workflow', 'traceloop.entity.input': JSON.stringify({ question }) }],
  ['LangChain through OpenInference', { 'openinference.span.kind': 'CHAIN', 'input.value': question }],
  [
    'PydanticAI agent',
    {
      'gen_ai.operation.name': 'invoke_agent',
      'pydantic_ai.all_messages': JSON.stringify([...history, { role: 'assistant', content: 'In Bern.' }]),
      'pydantic_ai.new_message_index': 2,
    },
  ],
  [
    'Responses API items',
    {
      'openinference.span.kind': 'LLM',
      'input.value': JSON.stringify({ input: [{ role: 'user', content: [{ type: 'input_text', text: question }] }] }),
    },
  ],
  ['Langfuse', { 'langfuse.observation.type': 'generation', 'langfuse.observation.input': JSON.stringify(history) }],
]

describe('the table of sources', () => {
  it.each(sources)('reads the latest message from %s', (_sentBy, attributes) => {
    expect(eventsOf([{ attributes }]).map(({ text }) => text)).toEqual([question])
  })

  it('reads the event gen_ai.content.prompt of older conventions', () => {
    const events = [{ name: 'gen_ai.content.prompt', attributes: { 'gen_ai.prompt': JSON.stringify(history) } }]

    expect(eventsOf([{ attributes: { 'gen_ai.system': 'openai' }, events }]).map(({ text }) => text)).toEqual([question])
  })

  it('falls back to the whole request when the SDK dropped the newest of 128 attributes', () => {
    const long = Array.from({ length: 61 }, (_, i) => ({
      role: i % 2 === 0 ? 'user' : 'assistant',
      content: i === 60 ? question : `message ${i}`,
    }))
    const flattened = long.flatMap(({ role, content }, i) => [
      [`llm.input_messages.${i}.message.role`, role],
      [`llm.input_messages.${i}.message.content`, content],
    ])
    const kept = Object.fromEntries(flattened.slice(0, 110)) as Record<string, string>

    const events = eventsOf([
      { attributes: { 'openinference.span.kind': 'LLM', 'input.value': JSON.stringify({ messages: long }), ...kept } },
    ])

    expect(events.map(({ text }) => text)).toEqual([question])
  })

  it('takes tool results that stand in messages of role user for what they are', () => {
    const anthropic = [
      { role: 'user', content: question },
      { role: 'assistant', content: [{ type: 'tool_use', name: 'find' }] },
      { role: 'user', content: [{ type: 'tool_result', content: 'in Bern' }] },
    ]

    expect(eventsOf([{ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': JSON.stringify(anthropic) } }])).toEqual([])
  })

  it('makes no event of messages cut in half, and counts them', () => {
    const cut = JSON.stringify(history).slice(0, -20)
    const { candidates } = scanTraces(
      tracesRequest([{ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': cut } }, call(chat)]),
    )

    const { parts, faults } = createExtractor().spans(candidates, { textKeys: [], kindOf: () => undefined })

    expect(parts.map(({ role, text }) => ({ role, text }))).toContainEqual({ role: 'call', text: question })
    expect(parts.filter(({ text }) => text !== '')).toHaveLength(1)
    expect(faults).toBe(1)
  })

  it('keeps the beginning of a text of ten megabytes', () => {
    const [event] = eventsOf([call([['user', 'parcel '.repeat(1_500_000)]])])

    expect(event!.text).toHaveLength(131_072)
  })
})

describe('session and user', () => {
  it.each([
    ['gen_ai.conversation.id', {}],
    ['langfuse.session.id', {}],
    ['ai.telemetry.metadata.threadId', {}],
    ['traceloop.association.properties.chat_id', {}],
    ['mlflow.trace.session', {}],
    ['langsmith.metadata.thread_id', {}],
    ['session_id', {}],
  ])('are read from %s', (attribute) => {
    expect(eventsOf([call(chat, { attributes: { [attribute]: 's-1' } })])).toMatchObject([{ sessionId: 's-1', sessionSource: attribute }])
  })

  it('are never the project of LangSmith', () => {
    expect(eventsOf([call(chat, { attributes: { 'langsmith.trace.session_id': 'project' } })])).toMatchObject([{ sessionSource: 'trace' }])
  })

  it('come first from the attributes that the configuration names', () => {
    const span = call(chat, { attributes: { 'session.id': 'other', 'my.chat': 's-1', 'my.customer': 'u-1' } })

    expect(eventsOf([span], { sessionAttributes: ['my.chat'], userAttributes: ['my.customer'] })).toMatchObject([
      { sessionId: 's-1', sessionSource: 'my.chat', userId: 'u-1' },
    ])
  })

  it('may stand on a span of the web server', () => {
    const server = { name: 'POST /chat', attributes: { 'http.route': '/chat', 'session.id': 's-1', 'user.id': 'u-1' } }

    expect(eventsOf([call(chat), server])).toMatchObject([{ sessionId: 's-1', userId: 'u-1' }])
  })
})

describe('rules for spans', () => {
  const title = call([['user', 'Write a title for this chat']], {
    name: 'title',
    attributes: { 'gen_ai.agent.name': 'titler', 'session.id': 's-1' },
  })

  it.each([
    ['span name', { spanName: 'titl*' }],
    ['agent name', { agentName: 'titler' }],
    ['scope', { scope: 'internal.*' }],
  ])('keep an internal prompt out by its %s, and its session in', (_by, pattern) => {
    const scope = 'scope' in pattern ? 'internal.prompts' : 'test'
    const rules = { include: [], exclude: [pattern] }

    expect(partsOf([title], { rules, scope })).toMatchObject([{ role: 'context', text: '', sessionId: 's-1' }])
  })

  it('let in only what is included', () => {
    const rules = { include: [{ agentName: 'support' }], exclude: [] }
    const support = call(chat, { attributes: { 'gen_ai.agent.name': 'support' } })

    expect(eventsOf([title, support], { rules }).map(({ text }) => text)).toEqual([question])
  })
})

describe('without content', () => {
  it('answers, status messages and metadata texts are left out, and the text stays for its topic alone', () => {
    const parts = partsOf(
      [
        call(chat, {
          answer: 'In Bern.',
          status: { code: 2, message: 'no: Where is my parcel?' },
          attributes: { 'ai.telemetry.metadata.plan': 'pro' },
        }),
        agent(chat),
      ],
      { ...defaultExtractOptions, storeContent: false },
    )

    expect(parts).toMatchObject([{ text: question, answer: '', statusMessage: '', fields: { plan: 'pro' } }])
  })
})
