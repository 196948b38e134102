/** GenAI spans and what they yield, for tests of the turn rules. */
import { type ExtractOptions, createExtractor, defaultExtractOptions } from '../../src/extract/extract-turns.ts'
import { foldTrace } from '../../src/extract/fold.ts'
import { groupBy } from '../../src/extract/group-by.ts'
import { scanLogs } from '../../src/extract/scan-logs.ts'
import { scanTraces } from '../../src/extract/scan-traces.ts'
import { type TurnPart, isOpening } from '../../src/extract/turn-part.ts'
import { type TestLog, type TestSpan, type Value, logsRequest, nextSpanId, tracesRequest } from '../otlp.ts'

const texts = { textKeys: ['prompt'], kindOf: () => undefined }

export type Chat = readonly (readonly [role: string, text: string])[]

/** `gen_ai.input.messages` as text. */
export function messages(chat: Chat): string {
  return JSON.stringify(chat.map(([role, content]) => ({ role, parts: [{ type: 'text', content }] })))
}

/** A model's call, 100 ms long. */
export function call(chat: Chat, options: TestSpan & { answer?: string; tool?: string } = {}): TestSpan {
  const { answer, tool, attributes, ...span } = options
  const parts = [
    ...(answer === undefined ? [] : [{ type: 'text', content: answer }]),
    ...(tool === undefined ? [] : [{ type: 'tool_call', name: tool }]),
  ]
  return {
    spanId: nextSpanId(),
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': messages(chat),
      'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts }]),
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      ...attributes,
    },
    ...span,
  }
}

/** A span around calls. */
export function agent(chat: Chat, attributes: Record<string, Value> = {}, span: TestSpan = {}): TestSpan {
  return {
    spanId: nextSpanId(),
    startMs: 1_789_999_999_999,
    endMs: 1_790_000_099_999,
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      ...(chat.length > 0 && { 'gen_ai.input.messages': messages(chat) }),
      ...attributes,
    },
    ...span,
  }
}

/** The parts of one request of spans. */
export function partsOf(spans: readonly TestSpan[], options: Partial<ExtractOptions> & { scope?: string } = {}): readonly TurnPart[] {
  const { scope, ...own } = options
  const candidates = scanTraces(tracesRequest(spans, scope === undefined ? {} : { scope })).candidates
  return createExtractor({ ...defaultExtractOptions, ...own }).spans(candidates, texts).parts
}

export function partsOfLogs(records: readonly TestLog[]): readonly TurnPart[] {
  return createExtractor().logs(scanLogs(logsRequest(records)).candidates).parts
}

/** Folds parts of several requests as the store stage does. */
export function turnsOf(parts: readonly TurnPart[]): TurnPart[] {
  return [...groupBy(parts, ({ traceId }) => traceId).values()].flatMap((trace) => foldTrace(trace).map(({ merged }) => merged))
}

/** The events of one request. */
export function eventsOf(spans: readonly TestSpan[], options: Partial<ExtractOptions> & { scope?: string } = {}): TurnPart[] {
  return partsOf(spans, options).filter(isOpening)
}
