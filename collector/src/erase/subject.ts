/** Whom or what an erasure is about, and everything of it that lies in ClickHouse. */
import type { ClickHouse } from '@turret/clickhouse'

export interface Subject {
  readonly kind: 'user' | 'session'
  /** As the application gave it, and as it may be stored otherwise (a pseudonym). */
  readonly ids: readonly string[]
}

/** What hangs on a subject in one project. */
export interface Traces {
  /** Of events, and of parts of turns that may have become none. */
  readonly eventIds: readonly string[]
  /** Those that are rows of `events`, however many versions of them. */
  readonly storedEventIds: readonly string[]
  readonly sessionIds: readonly string[]
  /** Hex; spans and log records of these traces are theirs. */
  readonly traceIds: readonly string[]
  /** Texts that nobody else of the project said. */
  readonly texts: readonly string[]
}

interface Row {
  readonly EventId: string
  readonly SessionId: string
  readonly TraceId: string
  readonly IsStored: 0 | 1
}

/**
 * A user's traces are the events with their id, and what else stands in sessions that name no other user.
 * Every version of a row counts, also those that a newer one has replaced.
 */
export async function findTraces(db: ClickHouse, project: string, { kind, ids }: Subject): Promise<Traces> {
  const params = { project, ids }
  const own = ownedBy(kind)
  const rows = await db.query<Row>(
    `SELECT DISTINCT EventId, SessionId, TraceId, 1 AS IsStored FROM events WHERE Project = {project: String} AND ${own}
     UNION DISTINCT
     SELECT DISTINCT EventId, SessionId, TraceId, 0 AS IsStored FROM turn_parts WHERE Project = {project: String} AND ${kind === 'session' ? own : 'UserId IN {ids: Array(String)}'}`,
    { params },
  )
  const texts = await db.query<{ Text: string }>(
    `SELECT any(events.Text) AS Text FROM events
     WHERE Project = {project: String} AND TextHash != 0
     GROUP BY TextHash HAVING countIf(${own}) = count()`,
    { params },
  )
  return {
    eventIds: distinct(rows.map((row) => row.EventId)),
    storedEventIds: distinct(rows.filter((row) => row.IsStored === 1).map((row) => row.EventId)),
    sessionIds: kind === 'session' ? [...ids] : distinct(rows.map((row) => row.SessionId)),
    traceIds: distinct(rows.map((row) => row.TraceId)),
    texts: texts.map((row) => row.Text),
  }
}

/** The events that are theirs, as a condition on `events`. Parameters: project (String), ids (Array(String)). */
export function ownedBy(kind: Subject['kind']): string {
  if (kind === 'session') return 'SessionId IN {ids: Array(String)}'
  return `(UserId IN {ids: Array(String)} OR SessionId IN (
    SELECT SessionId FROM events WHERE Project = {project: String}
    GROUP BY SessionId HAVING countIf(UserId IN {ids: Array(String)}) > 0 AND countIf(UserId NOT IN {ids: Array(String)} AND UserId != '') = 0))`
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '')
}
