/** The events of every sample, written by hand from reading it. */
import { describe, expect, it } from 'vitest'
import { createExtractor } from '../../src/extract/extract-turns.ts'
import { foldTrace } from '../../src/extract/fold.ts'
import { groupBy } from '../../src/extract/group-by.ts'
import { scanLogs } from '../../src/extract/scan-logs.ts'
import { scanTraces } from '../../src/extract/scan-traces.ts'
import type { TurnPart } from '../../src/extract/turn-part.ts'
import { hasShared } from '../shared-data.ts'
import { readSample } from './samples.ts'

const extractor = createExtractor()
const texts = { textKeys: ['prompt'], kindOf: () => undefined }

/** Through scan and extraction as two requests, then folded as the store stage does. */
function eventsOf(file: string, order: 'spans first' | 'logs first' = 'logs first'): TurnPart[] {
  const { traces, logs } = readSample(file)
  const fromSpans = traces === undefined ? [] : extractor.spans(scanTraces(traces).candidates, texts).parts
  const fromLogs = logs === undefined ? [] : extractor.logs(scanLogs(logs).candidates).parts
  const parts = order === 'logs first' ? [...fromLogs, ...fromSpans] : [...fromSpans, ...fromLogs]
  return [...groupBy(parts, ({ traceId }) => traceId).values()].flatMap((trace) => foldTrace(trace).map(({ merged }) => merged))
}

const reset = 'How do I reset my password?'
const picture = 'What is in this picture?'

/** What most samples have in common: one model answered one question of one user. */
const common = {
  text: reset,
  dimension: 'prompt',
  dimensionRank: 0,
  name: 'chat',
  answer: 'Open Settings and click Reset.',
  tools: [],
  model: 'gpt-4o-mini-2024-07-18',
  inputTokens: 21,
  outputTokens: 7,
  isError: false,
}
const homeless = (traceId: string) => ({ sessionId: traceId, sessionSource: 'trace', userId: '' })
const known = (sessionSource: string) => ({ sessionId: 'sess-42', sessionSource, userId: 'user-7' })
const plan = { plan: 'pro', model: 'gpt-4o-mini-2024-07-18' }

const golden: Record<string, object[]> = {
  'js-langfuse-otel.json': [
    {
      ...common,
      ...known('session.id'),
      name: 'support-chat',
      traceId: '822c2c2d9d628e8280c0553ffc598fc3',
      spanId: '6925142bf1d90ac9',
      fields: { plan: 'pro' },
    },
    { ...common, ...known('session.id'), name: 'support-chat', text: picture, spanId: '27a4705e25217bf7', fields: { plan: 'pro' } },
    { ...common, ...known('session.id'), name: 'support-chat', spanId: 'abd1de3c54d4a4df', fields: { plan: 'pro' } },
  ],
  'js-openinference-openai.json': [
    { ...common, ...known('session.id'), traceId: 'cceaa86f6bb5f9e983efae4905ff63db', fields: plan },
    { ...common, ...known('session.id'), traceId: '776740c3f97bfa9a09e6e70fc0208661', text: picture, fields: plan },
    { ...common, ...known('session.id'), traceId: '23fd90b92aac7927953103382639c133', fields: plan },
  ],
  'js-openllmetry-openai.json': [
    { ...common, ...homeless('d2fb25d0e462f92ad4bb89c4a8a8e530'), traceId: 'd2fb25d0e462f92ad4bb89c4a8a8e530' },
    { ...common, ...homeless('7d393d7c9a2a70e702d101cbcb0014a7'), text: picture },
  ],
  // Without log records there is no text, and without a text no event.
  'js-otel-instrumentation-openai_captureMessageContent.json': [],
  'js-otel-instrumentation-openai_log-events.json': [
    { ...common, ...homeless('5834a2edfd91501257942be411060576'), spanId: '82435864aced55f8' },
  ],
  'js-vercel-ai-sdk-6.json': [
    {
      ...common,
      ...known('ai.telemetry.metadata.sessionId'),
      name: 'support-chat',
      traceId: '3ae8aeaea88135e20f78553a4637f9c3',
      spanId: 'ca49a906afa23a47',
      fields: plan,
    },
    {
      ...common,
      ...known('ai.telemetry.metadata.sessionId'),
      name: 'support-chat',
      traceId: '6da447120f45f535b0d369a404961976',
      spanId: '1949e55a4935eaa9',
      fields: plan,
    },
    {
      ...common,
      ...known('ai.telemetry.metadata.sessionId'),
      name: 'support-chat',
      traceId: '472b2d245853819d91758d1cb6c7ccff',
      spanId: '68e1e49e0c29f3a4',
      fields: plan,
    },
  ],
  'js-vercel-ai-sdk-7_ai-sdk-otel.json': [
    { ...common, ...homeless('f5bd0ab78a2edf71e1826d3ce71a9119'), name: 'support-chat', spanId: '3486287a07f67a9d' },
    { ...common, ...homeless('e9156a225337314857d7b7db3138f46b'), name: 'support-chat', spanId: '80943396072e03b1' },
  ],
  'py-openinference-openai.json': [
    { ...common, ...known('session.id'), traceId: '1cb589dfc695f35e2fb93770995abac1', fields: plan },
    { ...common, ...known('session.id'), traceId: 'd358d4ed0468328aca394d0e8d00341f', fields: plan },
    { ...common, ...known('session.id'), traceId: 'd29e49e16a7e55bb02b6fe42770833a3', fields: plan },
  ],
  'py-openllmetry-openai.json': [
    { ...common, ...homeless('6e50ac256957a08737604175a8301ffa') },
    { ...common, ...homeless('0291ba1119a6c4bc23d0cf7c89e76252') },
    { ...common, ...homeless('47d028134db61a77d0eec5481d6f936b') },
  ],
  // The second call's records end with an answer: the sample lost its last user message, so it tells of a turn that went on.
  'py-otel-openai-v2_default-log-events.json': [{ ...common, ...homeless('5569ea862757a8772ac19520b0814022'), spanId: 'c9bfdc1899e4cda4' }],
  'py-otel-openai-v2_gen-ai-latest_span-and-event.json': [
    { ...common, ...homeless('477f53a53f1a531d480e8ef467cb6577'), spanId: '605b2a1337f90d7e' },
    { ...common, ...homeless('d28c26aeac2c55f321ad83ddbfa8e03b'), spanId: 'f6a3cb0b84ee2ad5' },
  ],
}

describe.runIf(hasShared('otlp-samples'))('samples of real instrumentations', () => {
  it.each(Object.entries(golden))('%s yields one event for each turn of the user', (file, expected) => {
    const events = eventsOf(file)

    expect(events).toHaveLength(expected.length)
    for (const [i, event] of events.entries()) expect(event).toMatchObject(expected[i]!)
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length)
  })

  it.each(Object.keys(golden))('%s yields the same events when spans arrive before logs', (file) => {
    expect(eventsOf(file, 'spans first')).toEqual(eventsOf(file, 'logs first'))
  })
})
