/** Decides which parts of a segment become events at once, and which wait in `turn_parts` to complete others. */
import type { ClickHouse } from '@turret/clickhouse'
import { loadQuery } from '@turret/clickhouse'
import { isOpening } from '../extract/turn-part.ts'
import type { StoredEvent } from './event-body.ts'
import { EventKey } from './event-key.ts'
import { RecentIds } from './recent-ids.ts'
import { TraceMemory } from './trace-memory.ts'

export interface SortedParts {
  readonly events: readonly StoredEvent[]
  readonly parts: readonly StoredEvent[]
  /** Traces whose events may have to change: several requests told of them. */
  readonly unsettled: readonly StoredTrace[]
}

export interface StoredTrace {
  readonly project: string
  readonly traceId: string
}

const mostRemembered = 100_000

/** What was stored lately, so that a turn that arrives on several spans stays one event, also across a restart. */
export class PartSorter {
  private readonly recent = new RecentIds()
  private readonly traces = new TraceMemory()

  /** Reads back what the run before this one stored last. @returns its traces: a crash may have kept them from being settled */
  async recall(db: ClickHouse, signal: AbortSignal): Promise<StoredTrace[]> {
    type Row = Record<'Project' | 'TraceId' | 'EventId' | 'Dimension' | 'Role', string>
    const rows = await db.query<Row>(loadQuery('recent_turns'), { params: { most: mostRemembered }, signal })
    const traces = new Map<string, StoredTrace>()
    for (const { Project: project, TraceId: traceId, EventId: eventId, Dimension: dimension, Role: role } of rows.reverse()) {
      if (eventId !== '') this.recent.remember(EventKey.of(project, eventId, dimension))
      if (role === 'track' || traceId === '') continue
      this.traces.remember(project, traceId, role === 'call' || role === 'log')
      traces.set(`${project}\n${traceId}`, { project, traceId })
    }
    return [...traces.values()]
  }

  /** Sorting the same segment again gives the same result. */
  sort(stored: readonly StoredEvent[], segmentId: string): SortedParts {
    const events: StoredEvent[] = []
    const parts: StoredEvent[] = []
    const unsettled = new Map<string, StoredTrace>()
    for (const part of stored) {
      if (part.isTracked) {
        if (part.hasText && this.recent.isNew(part, segmentId)) events.push(part)
        continue
      }
      const { project, role, traceId } = part
      const isFirst = isOpening(part) && this.recent.isNew(part, segmentId) && !(role === 'agent' && this.traces.hasCall(project, traceId))
      if (isFirst) events.push(part)
      else parts.push(part)
      if (traceId === '') continue
      if (!isFirst || this.traces.has(project, traceId)) unsettled.set(`${project}\n${traceId}`, { project, traceId })
      this.traces.remember(project, traceId, isFirst && role !== 'agent')
    }
    return { events, parts, unsettled: [...unsettled.values()] }
  }
}
