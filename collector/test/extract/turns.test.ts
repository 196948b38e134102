/** One turn of a user is one event, however many spans, log records and requests tell of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TurnPart } from '../../src/extract/turn-part.ts'
import type { TestLog, TestSpan } from '../otlp.ts'
import { agent, call, eventsOf, messages, partsOf, partsOfLogs, turnsOf } from './spans.ts'

const first = [['user', 'Where is my parcel?']] as const
const loop = [...first, ['assistant', ''], ['tool', 'it is in Bern']] as const
const second = [...first, ['assistant', 'In Bern.'], ['user', 'When will it arrive?']] as const
const at = (ms: number): TestSpan => ({ startMs: 1_790_000_000_000 + ms, endMs: 1_790_000_000_100 + ms })

describe('the turns of a trace', () => {
  it('take the call, and from the span around it only what the call does not know', () => {
    const spans = [
      call(first, { answer: 'In Bern.' }),
      agent(first, {
        'gen_ai.agent.name': 'support',
        'gen_ai.usage.input_tokens': 999,
        'session.id': 's-1',
        'ai.settings.context.plan': 'pro',
      }),
    ]

    const events = eventsOf(spans)

    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ role: 'call', name: 'support', sessionId: 's-1', sessionSource: 'session.id', inputTokens: 10 })
    expect(events[0]!.fields).toMatchObject({ plan: 'pro' })
  })

  it('take the outermost span when no call of the trace has a text', () => {
    const inner = agent([['user', 'internal plan']], {}, { startMs: 1_790_000_000_000, endMs: 1_790_000_000_010 })
    const embedding: TestSpan = { attributes: { 'gen_ai.operation.name': 'embeddings', 'gen_ai.input.messages': messages(first) } }

    expect(eventsOf([inner, agent(first), embedding]).map(({ text }) => text)).toEqual(['Where is my parcel?'])
  })

  it('count the resent history once: a message is new in one call, and old in all that follow', () => {
    const events = eventsOf([call(first, at(0)), call(second, at(1000))])

    expect(events.map(({ text }) => text)).toEqual(['Where is my parcel?', 'When will it arrive?'])
  })

  it('give the last answer of a tool loop, all its tokens and tools, and its whole latency', () => {
    const [event, ...rest] = partsOf([
      call(first, { ...at(0), tool: 'find_parcel' }),
      call(loop, { ...at(1000), answer: 'In Bern.' }),
      { attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'carrier' }, ...at(500) },
    ])

    expect(rest).toEqual([])
    expect(event).toMatchObject({
      answer: 'In Bern.',
      inputTokens: 20,
      outputTokens: 10,
      latencyMs: 1100,
      tools: ['find_parcel', 'carrier'],
    })
  })

  it('count a call once that two instrumentations saw, one inside the other', () => {
    const outer = call(first, { startMs: 1_790_000_000_000, endMs: 1_790_000_000_100, answer: 'a' })
    const inner = call(first, { startMs: 1_790_000_000_010, endMs: 1_790_000_000_090, answer: 'a' })

    expect(partsOf([inner, outer])).toMatchObject([{ inputTokens: 10 }])
  })

  it('forget the error of a first attempt when the next one succeeds', () => {
    const failed = call(first, { ...at(0), status: { code: 2, message: 'rate limit' } })

    expect(eventsOf([failed, call(first, { ...at(500), answer: 'In Bern.' })])).toMatchObject([
      { isError: false, statusMessage: '', answer: 'In Bern.' },
    ])
  })

  it('keep two sessions of one trace apart', () => {
    const spans = [
      call(first, { ...at(0), attributes: { 'session.id': 'a' } }),
      call(second, { ...at(500), attributes: { 'session.id': 'b' } }),
    ]

    expect(eventsOf(spans).map(({ sessionId }) => sessionId)).toEqual(['a', 'b'])
  })

  it('do not become events from a tool loop whose beginning another trace told', () => {
    expect(eventsOf([call(loop)])).toEqual([])
  })

  it('are the same in whatever order and requests the parts arrive', () => {
    const spanId = 'c'.repeat(16)
    const requests: (() => readonly TurnPart[])[] = [
      () => partsOf([call(first, { ...at(0), spanId: 'a'.repeat(16), tool: 'find_parcel' })]),
      () => partsOf([call(loop, { ...at(1000), spanId: 'b'.repeat(16), answer: 'In Bern.' })]),
      () => partsOf([agent(first, { 'session.id': 's-1', 'user.id': 'u-1', 'gen_ai.agent.name': 'support' }, { spanId: 'd'.repeat(16) })]),
      () =>
        partsOfLogs([
          {
            traceId: 'a'.repeat(32),
            spanId,
            eventName: 'gen_ai.user.message',
            body: { content: 'Can I change the address?' },
            timeMs: 1_790_000_002_000,
          },
          {
            traceId: 'a'.repeat(32),
            spanId,
            eventName: 'gen_ai.choice',
            body: { message: { content: 'Yes.' } },
            timeMs: 1_790_000_002_050,
          },
        ]),
      () =>
        partsOf([
          {
            spanId,
            ...at(2000),
            attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 3 },
          },
        ]),
    ]
    const expected = turnsOf(requests.flatMap((request) => request())).map(settledView)

    expect(expected).toMatchObject([
      { text: 'Where is my parcel?', answer: 'In Bern.', sessionId: 's-1', userId: 'u-1', name: 'support', inputTokens: 20 },
      { text: 'Can I change the address?', answer: 'Yes.', sessionId: 's-1', model: 'm', inputTokens: 3 },
    ])
    fc.assert(
      fc.property(fc.shuffledSubarray(requests, { minLength: requests.length }), fc.nat(requests.length), (shuffled, cut) => {
        // What was folded early is folded again with what comes later, as rows of the database are.
        const early = shuffled.slice(0, cut).flatMap((request) => request())
        const merged = turnsOf(early)
        const kept = early.filter((part) => part.text === '')
        const late = shuffled.slice(cut).flatMap((request) => request())
        expect(turnsOf([...merged, ...kept, ...late]).map(settledView)).toEqual(expected)
      }),
    )
  })
})

describe('log records', () => {
  const record = (eventName: string, content: string, spanId = 'e'.repeat(16)) => ({
    traceId: 'a'.repeat(32),
    spanId,
    eventName,
    body: { content },
  })

  it('bring the last message of their span when a batch ended between them', () => {
    const early = partsOfLogs([record('gen_ai.user.message', 'Hi')])
    const late = partsOfLogs([{ ...record('gen_ai.user.message', 'Where is my parcel?'), timeMs: 1_790_000_000_001 }])

    expect(turnsOf([...early, ...late]).map(({ text }) => text)).toEqual(['Where is my parcel?'])
  })

  it('bring nothing without a trace or a session to place them in', () => {
    expect(partsOfLogs([{ eventName: 'gen_ai.user.message', body: { content: 'Hi' } }])).toEqual([])
  })
})

describe('an evaluation', () => {
  const traceId = 'b'.repeat(32)
  const score = (name: string, value: number, spanId: string, timeMs = 1_790_000_100_000): TestLog => ({
    traceId,
    spanId,
    timeMs,
    eventName: 'gen_ai.evaluation.result',
    attributes: { 'gen_ai.evaluation.name': name, 'gen_ai.evaluation.score.value': value },
  })
  const asked = call(first, { traceId, ...at(0) })
  const askedAgain = call(second, { traceId, ...at(10_000) })

  it('becomes a field of the turn whose span it scores, however late it comes, and changes nothing else', () => {
    const turns = partsOf([asked, askedAgain])
    const [before] = turnsOf(turns)
    const scored = turnsOf([...turns, ...partsOfLogs([score('user_feedback', 0, asked.spanId!)])])

    expect(scored[0]).toEqual({ ...before, fields: { 'evaluation.user_feedback': '0' } })
    expect(scored[1]!.fields).toEqual({})
  })

  it('belongs to the turn before it when its span is none that a turn is told by', () => {
    const scored = turnsOf([...partsOf([asked, askedAgain]), ...partsOfLogs([score('user_feedback', 1, 'f'.repeat(16))])])

    expect(scored.map(({ fields }) => fields)).toEqual([{}, { 'evaluation.user_feedback': '1' }])
  })

  it('replaces an earlier one of its name, and is a label where it has no score', () => {
    const parts = partsOfLogs([
      score('relevance', 0.2, asked.spanId!),
      score('relevance', 0.8, asked.spanId!, 1_790_000_200_000),
      { ...score('', 0, asked.spanId!), attributes: { 'gen_ai.evaluation.name': 'tone', 'gen_ai.evaluation.score.label': 'rude' } },
      { ...score('', 0, asked.spanId!), attributes: { 'gen_ai.evaluation.score.value': 1 } },
    ])

    expect(turnsOf([...partsOf([asked]), ...parts])[0]!.fields).toEqual({ 'evaluation.relevance': '0.8', 'evaluation.tone': 'rude' })
  })

  it('may be an event on the span itself', () => {
    const event = { name: 'gen_ai.evaluation.result', attributes: score('user_feedback', 1, '').attributes! }

    expect(turnsOf(partsOf([{ ...asked, events: [event] }]))[0]!.fields).toEqual({ 'evaluation.user_feedback': '1' })
  })
})

/** What must not depend on order; names of spans and fields follow the first to tell them. */
function settledView({
  text,
  answer,
  sessionId,
  sessionSource,
  userId,
  name,
  model,
  inputTokens,
  outputTokens,
  isError,
  spanIds,
}: TurnPart) {
  return { text, answer, sessionId, sessionSource, userId, name, model, inputTokens, outputTokens, isError, spanIds: [...spanIds].sort() }
}
