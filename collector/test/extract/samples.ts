/** What real instrumentations sent, as OTLP requests: the samples keep no times, so each span gets some that fit its parent. */
import { readSharedJson } from '../shared-data.ts'
import { type TestLog, type TestSpan, type Value, logsRequest, tracesRequest } from '../otlp.ts'

interface Sampled {
  readonly signal: 'span' | 'log'
  readonly scope: { readonly name: string }
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string | null
  readonly name?: string
  readonly attributes: Record<string, Value>
  readonly events?: { name: string; attributes: Record<string, Value> }[]
  readonly status?: { code?: string | number }
  readonly eventName?: string | null
  readonly body?: Value | null
  readonly resource: Record<string, Value>
}

export interface Sample {
  /** ExportTraceServiceRequest, absent when the sample has no spans. */
  readonly traces?: Buffer
  readonly logs?: Buffer
}

const startMs = 1_790_000_000_000
const callMs = 100

export function readSample(file: string): Sample {
  const all = readSharedJson(`otlp-samples/${file}`) as Sampled[]
  const spans = all.filter(({ signal }) => signal === 'span')
  const logs = all.filter(({ signal }) => signal === 'log')
  const options = { scope: all[0]!.scope.name, resource: all[0]!.resource }
  return {
    ...(spans.length > 0 && { traces: tracesRequest(spans.map(toSpan(spans)), options) }),
    ...(logs.length > 0 && { logs: logsRequest(logs.map(toLog), options) }),
  }
}

/** One call after the other; a span around calls begins before the first and ends after the last. */
function toSpan(spans: readonly Sampled[]): (span: Sampled) => TestSpan {
  const timesOf = (span: Sampled): { startMs: number; endMs: number } => {
    const children = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId).map(timesOf)
    const start = startMs + spans.indexOf(span) * 1000
    if (children.length === 0) return { startMs: start, endMs: start + callMs }
    return { startMs: Math.min(...children.map((c) => c.startMs)) - 1, endMs: Math.max(...children.map((c) => c.endMs)) + 1 }
  }
  return (span) => ({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name ?? '',
    attributes: span.attributes,
    events: span.events ?? [],
    status: { code: span.status?.code === 'STATUS_CODE_ERROR' ? 2 : 0 },
    ...timesOf(span),
  })
}

function toLog(log: Sampled, index: number): TestLog {
  return {
    traceId: log.traceId,
    spanId: log.spanId,
    eventName: log.eventName ?? '',
    ...(log.body !== null && log.body !== undefined && { body: log.body }),
    attributes: log.attributes,
    timeMs: startMs + index,
  }
}
