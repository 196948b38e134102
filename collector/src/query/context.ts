/** What a query knows of its request, and the one door through which it asks ClickHouse. */
import { setTimeout as delay } from 'node:timers/promises'
import { type ClickHouse, toClickHouseError } from '@turret/clickhouse'
import type { TimeRanges } from './buckets.ts'
import type { Crowd } from './crowd.ts'
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
  readonly ranges: TimeRanges
  readonly limits: QueryLimits
  /** k-anonymity: users that must share what is shown; 0 = everything is. */
  readonly minUsers: number
  /** With `minUsers`: the topics that so many share. */
  readonly crowd?: Crowd
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
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.query<Row>(sql, { params: { project, ...params }, settings, signal, ...limits })
    } catch (cause) {
      if (!isServerFull(cause) || attempt === attempts || signal.aborted) throw toQueryError(cause, signal, name)
      await delay(retryMs * attempt, undefined, { signal })
    }
  }
}

const settings = {
  enable_materialized_cte: 1, // what a query needs twice is computed once
  merge_tree_min_rows_for_concurrent_read: 16_384, // a row of session_turns is a whole session: few of them are worth a second thread
  preferred_block_size_bytes: 4_000_000, // which is some thousand sessions: of fewer, what each block costs is more than what is read
} as const
const attempts = 3
const retryMs = 1000 // what else takes the memory, such as a start's loading of dictionaries, ends within seconds

/** The memory of the whole server is used up: by others, since a query has a limit of its own. */
function isServerFull(cause: unknown): boolean {
  const { code, message } = toClickHouseError(cause)
  return code === 241 && message.includes('(total)')
}

/** The condition of a group of rows of `events` that so many users share as the caller must see; `1` for who sees everything. */
export function isShared({ minUsers }: Pick<QueryContext, 'minUsers'>, where = '1'): string {
  return minUsers === 0 ? '1' : `uniqUpToIf(${minUsers})(UserId, UserId != '' AND (${where})) >= ${minUsers}`
}

const limitCodes = new Map([
  [159, 'it took too long'], // TIMEOUT_EXCEEDED
  [160, 'it would take too long'], // TOO_SLOW
  [241, 'it needed too much memory'], // MEMORY_LIMIT_EXCEEDED
])

function toQueryError(cause: unknown, signal: AbortSignal, name: string): unknown {
  if (signal.aborted) return cause
  if (isServerFull(cause)) return new QueryError('STORE_UNAVAILABLE', 'ClickHouse is short of memory: ask again in a moment', { cause })
  const { code, retryable } = toClickHouseError(cause)
  const reason = code === undefined ? undefined : limitCodes.get(code)
  if (reason !== undefined)
    return new QueryError('QUERY_TOO_EXPENSIVE', `the query was stopped because ${reason}: narrow the time range or the filters`, {
      cause,
    })
  if (retryable) return new QueryError('STORE_UNAVAILABLE', 'ClickHouse does not answer', { cause })
  return new QueryError('INTERNAL', `the query ${name} failed`, { cause })
}
