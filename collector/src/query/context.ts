/** What a query knows of its request, and the one door through which it asks ClickHouse. */
import { type ClickHouse, toClickHouseError } from '@turret/clickhouse'
import { QueryError } from './query-error.ts'
import { type Pieces, toSql } from './sql.ts'
import type { TopicIndex } from './topic-index.ts'

/** Bounds of one query, held by the engine. */
export interface QueryLimits {
  readonly timeoutMs: number
  readonly maxMemoryBytes: number
}

export interface QueryContext {
  readonly db: ClickHouse
  readonly project: string
  readonly now: Date
  /** Silence after which a session has ended. */
  readonly idleMs: number
  readonly topics: TopicIndex
  readonly limits: QueryLimits
  /** Aborts when the client hangs up: the query is then killed. */
  readonly signal: AbortSignal
}

/** What is needed to ask, before topics are known. */
export type Asking = Pick<QueryContext, 'db' | 'project' | 'limits' | 'signal'>

/**
 * Rows of one file of `clickhouse/queries/`. The parameter `project` is always there.
 * @throws QueryError QUERY_TOO_EXPENSIVE when the engine stopped it at a limit, STORE_UNAVAILABLE when ClickHouse is away
 */
export async function ask<Row>(
  context: Asking,
  name: string,
  pieces: Pieces = {},
  params: Readonly<Record<string, unknown>> = {},
): Promise<Row[]> {
  const { db, project, limits, signal } = context
  const sql = toSql(name, { database: db.database, ...pieces })
  try {
    return await db.query<Row>(sql, { params: { project, ...params }, signal, ...limits })
  } catch (cause) {
    throw toQueryError(cause, signal, name)
  }
}

const limitCodes = new Map([
  [159, 'it took too long'], // TIMEOUT_EXCEEDED
  [160, 'it would take too long'], // TOO_SLOW
  [241, 'it needed too much memory'], // MEMORY_LIMIT_EXCEEDED
])

function toQueryError(cause: unknown, signal: AbortSignal, name: string): unknown {
  if (signal.aborted) return cause
  const { code, retryable } = toClickHouseError(cause)
  const reason = code === undefined ? undefined : limitCodes.get(code)
  if (reason !== undefined)
    return new QueryError('QUERY_TOO_EXPENSIVE', `the query was stopped because ${reason}: narrow the time range or the filters`, {
      cause,
    })
  if (retryable) return new QueryError('STORE_UNAVAILABLE', 'ClickHouse does not answer', { cause })
  return new QueryError('INTERNAL', `the query ${name} failed`, { cause })
}
