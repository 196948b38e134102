/** Leads from a message to its trace in Explore. */
import type { Event } from '../../api/types.ts'

/** @param tracesUid uid of the trace data source */
export function traceLink(tracesUid: string, { trace_id, timestamp }: Pick<Event, 'trace_id' | 'timestamp'>): string {
  const time = Date.parse(timestamp)
  const hourMs = 3_600_000
  const panes = {
    trace: {
      datasource: tracesUid,
      queries: [{ refId: 'A', datasource: { type: 'tempo', uid: tracesUid }, queryType: 'traceql', query: trace_id }],
      range: { from: String(time - hourMs), to: String(time + hourMs) },
    },
  }
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes))}`
}
