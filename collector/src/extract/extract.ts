/** From candidate spans to events: one for each turn of a user. */
import type { CandidateSpan } from './candidate.ts'
import { type ExtractedEvent } from './event.ts'
import { eventOfGenAiSpan, roleOf } from './genai/genai-span.ts'
import { type TextFields, eventsOfTrackSpan, isTrackSpan } from './track-span.ts'
import type { TraceMemory } from './trace-memory.ts'

/**
 * The events of one request's candidate spans.
 * @param traces what earlier requests said of the same traces
 */
export function extractEvents(spans: readonly CandidateSpan[], texts: TextFields, traces: TraceMemory): ExtractedEvent[] {
  const events: ExtractedEvent[] = []
  const agents: ExtractedEvent[] = []
  for (const span of spans) {
    if (isTrackSpan(span)) {
      events.push(...eventsOfTrackSpan(span, texts))
      continue
    }
    const role = roleOf(span)
    if (role === 'other') continue
    const event = eventOfGenAiSpan(span)
    if (role === 'call') traces.rememberCall(span.traceId)
    if (event !== undefined) (role === 'call' ? events : agents).push(event)
  }
  // A span around the calls tells the turn again; it speaks only when no call of its trace was seen.
  events.push(...agents.filter((event) => !traces.hasCall(event.traceId)))
  return events
}
