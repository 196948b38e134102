/** GET /sessions: sessions that a filter selects, also exactly those behind a number of the journeys. */
import type { z } from 'zod'
import type { SessionSummary, SessionsAnswer, sessionSort, sessionsQuery } from './contract/sessions.ts'
import { type QueryContext, ask } from './context.ts'
import { parseCursor, toCursor } from './cursor.ts'
import { toDrillDown } from './drill-down.ts'
import { type Conditions, eventTurnPieces, pathArrays, toConditions, turnPieces } from './filters.ts'
import { activeSince } from './journeys.ts'
import { readPathOf, similarity } from './similar.ts'
import { toTime } from './time.ts'

type SessionsQuery = z.output<typeof sessionsQuery>

/** A row of `session_page.sql`. */
interface PageRow {
  readonly SessionId: string
  readonly SortKey: number
  readonly TotalSessions: number
  readonly TotalEvents: number
  readonly TotalUsers: number
}

/** A row of `sessions.sql`. */
interface SessionRow {
  readonly SessionId: string
  readonly Source: string
  readonly User: string
  readonly UserCount: number
  readonly StartedAtMs: number
  readonly EndedAtMs: number
  readonly IsActive: 0 | 1
  readonly EventCount: number
  readonly UserTurns: number
  readonly TopicCount: number
  readonly PathIds: string[]
  readonly Errors: number
  readonly InputTokenSum: number
  readonly OutputTokenSum: number
  readonly CostSum: number
  readonly FirstText: string
}

const listArrays = [...pathArrays, 'Users', 'InputTokens', 'OutputTokens', 'Costs'] as const

/** Over the columns of `fragment_paths.sql`. */
const sortKeys: Record<z.infer<typeof sessionSort>, string> = {
  last_activity: 'toUnixTimestamp64Milli(EndedAt)',
  turns: 'arrayCount(text -> text != 0, TurnTexts)',
  topics: 'length(arrayDistinct(Path))',
  errors: 'arraySum(TurnErrors)',
  tokens: 'arraySum(TurnInputTokens) + arraySum(TurnOutputTokens)',
  cost: 'arraySum(TurnCosts)',
}

export async function querySessions(context: QueryContext, query: SessionsQuery): Promise<SessionsAnswer> {
  const conditions = toConditions(query, query.level, context)
  const { ids, lastKey, total } = await queryPage(context, query, conditions)
  const summaries = await querySummaries(context, conditions, ids)
  const last = ids.length < query.limit ? undefined : ids.at(-1)
  return {
    sessions: ids.flatMap((id) => summaries.get(id) ?? []),
    next_cursor: last === undefined ? null : toCursor([lastKey, last]),
    total,
  }
}

/** Summaries of the given sessions over the events that the conditions pick, by session id. */
export async function querySummaries(
  context: QueryContext,
  conditions: Conditions,
  ids: readonly string[],
): Promise<Map<string, SessionSummary>> {
  if (ids.length === 0) return new Map()
  const where = `${conditions.where}\n    AND SessionId IN {page: Array(String)}`
  const rows = await ask<SessionRow>(
    context,
    'sessions',
    eventTurnPieces({ ...conditions, where, inTopics: '1' }, 'sessions', '{{session_figures}}'),
    { ...conditions.params, page: ids, activeSince: activeSince(context) },
  )
  return new Map(rows.map((row) => [row.SessionId, toSummary(row)]))
}

async function queryPage(context: QueryContext, query: SessionsQuery, conditions: Conditions) {
  const drillDown = await toDrillDown(query, context)
  const state = query.state === undefined ? '1' : query.state === 'active' ? 'IsActive' : 'NOT IsActive'
  const alike = query.like === undefined ? undefined : similarity(await readPathOf(context, query.like, query.level))
  const isAscending = alike === undefined && query.order === 'asc'
  const [cursorKey, cursorId] = query.cursor === undefined ? [] : parseCursor(query.cursor, 2)
  const behind = `SortKey ${isAscending ? '>' : '<'} {cursorKey: Float64} OR (SortKey = {cursorKey: Float64} AND SessionId > {cursorId: String})`
  const rows = await ask<PageRow>(
    context,
    'session_page',
    {
      ...turnPieces(conditions, { topicsPick: 'sessions', arrays: listArrays }),
      columns: drillDown.columns === '' ? '*' : `*, ${drillDown.columns}`,
      picked: [state, drillDown.picked, alike?.picked ?? '1'].map((clause) => `(${clause})`).join(' AND '),
      key: alike?.key ?? sortKeys[query.sort],
      direction: isAscending ? 'ASC' : 'DESC',
      after: query.cursor === undefined ? '1' : behind,
    },
    {
      ...conditions.params,
      ...drillDown.params,
      ...alike?.params,
      ...(query.cursor !== undefined && { cursorKey: Number(cursorKey), cursorId }),
      activeSince: activeSince(context),
      limit: query.limit,
    },
  )
  const totals = rows.find((row) => row.SessionId === '')
  const page = rows.filter((row) => row.SessionId !== '')
  return {
    ids: page.map((row) => row.SessionId),
    lastKey: page.at(-1)?.SortKey ?? 0,
    total: { events: totals?.TotalEvents ?? 0, sessions: totals?.TotalSessions ?? 0, users: totals?.TotalUsers ?? 0 },
  }
}

function toSummary(row: SessionRow): SessionSummary {
  return {
    session_id: row.SessionId,
    session_source: row.Source,
    user_id: row.User,
    users: row.UserCount,
    started_at: toTime(row.StartedAtMs),
    ended_at: toTime(row.EndedAtMs),
    state: row.IsActive === 1 ? 'active' : 'ended',
    events: row.EventCount,
    turns: row.UserTurns,
    topics: row.TopicCount,
    path: row.PathIds,
    errors: row.Errors,
    input_tokens: row.InputTokenSum,
    output_tokens: row.OutputTokenSum,
    cost: row.CostSum,
    first_text: row.FirstText,
  }
}
