/** Finds the turns that calls of other traces go on with: without a span around it, a tool loop makes a trace of each call. */
import { type ClickHouse, loadQuery } from '@turret/clickhouse'
import { type TraceRow, isEvent } from './trace-rows.ts'

/** A call that goes on with a turn of another trace, as a row of that trace. */
export interface Adopted {
  /** The trace of the turn. */
  readonly traceId: string
  readonly row: TraceRow
}

interface Home {
  readonly SessionId: string
  readonly Hash: string
  readonly TraceId: string
  readonly EventId: string
  readonly Time: string
}

/** @param rows everything stored of some traces of `project` */
export async function findHomes(db: ClickHouse, project: string, rows: readonly TraceRow[], signal: AbortSignal): Promise<Adopted[]> {
  const events = new Set(rows.filter(isEvent).map(({ EventId }) => EventId))
  const lost = rows.filter((row) => isSessionStep(row) && !events.has(row.EventId))
  if (lost.length === 0) return []
  const sessions = [...new Set(lost.map(({ SessionId }) => SessionId))]
  const hashes = [...new Set(lost.map(({ TextHash }) => TextHash))].map(BigInt)
  const homes = await db.query<Home>(loadQuery('turn_homes'), { params: { project, sessions, hashes }, signal })
  return lost.flatMap((row) => {
    const home = latestBefore(row, homes)
    return home === undefined ? [] : [{ traceId: home.TraceId, row: { ...row, TraceId: home.TraceId, EventId: home.EventId } }]
  })
}

function isSessionStep(row: TraceRow): boolean {
  return row.Role === 'step' && row.SessionSource !== 'trace' && row.TextHash !== '0'
}

/** The same words may have been said before: the call goes on with the last time. */
function latestBefore(row: TraceRow, homes: readonly Home[]): Home | undefined {
  const before = homes.filter(
    (home) => home.SessionId === row.SessionId && home.Hash === row.TextHash && BigInt(home.Time) <= BigInt(row.Time),
  )
  return before.sort((a, b) => Number(BigInt(b.Time) - BigInt(a.Time)))[0]
}
