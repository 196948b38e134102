/** GET /overview, /runs and /lineage: the state of a project and the life of its topics. */
import type { z } from 'zod'
import { type OverviewAnswer, type lineageAnswer, type rangeQuery, type runsAnswer } from './contract/segments.ts'
import { type Level, type page, unclusteredId } from './contract/common.ts'
import { type QueryContext, ask, isShared } from './context.ts'
import { parseCursor, toCursor } from './cursor.ts'
import { toConditions, turnPieces } from './filters.ts'
import { activeSince } from './journeys.ts'
import { toTime, toUnixMs } from './time.ts'
import type { Progress } from './topics.ts'

type Range = z.output<typeof rangeQuery>

interface OverviewRow {
  readonly Events: number
  readonly Sessions: number
  readonly Users: number
  readonly Unclustered: number
  readonly Pending: number
  readonly ActiveSessions: number
  readonly LastEventAt: number | null
}

interface SourceRow {
  readonly Source: string
  readonly Events: number
  readonly LastMinute: number
}

interface RunRow {
  readonly RunVersion: string
  readonly RunAt: number
  readonly Messages: number
  readonly Topics: number
  readonly Gamma: number
  readonly Modularity: number
  readonly Silhouette: number
  readonly Churn: number
  readonly DurationMs: number
  readonly Trigger: string
}

interface LineageRow {
  readonly StepAt: number
  readonly RunVersion: string
  readonly Level: Level
  readonly Kind: 'born' | 'split' | 'merge' | 'retired'
  readonly FromTopic: string
  readonly ToTopic: string
  readonly Mass: number
}

const newestRun = '18446744073709551615' // the largest UInt64

/** What is known without asking the database. */
export interface Identity {
  readonly version: string
  /** The vector space in use. */
  readonly embeddingId: string
  readonly progress: Progress | undefined
}

export async function queryOverview(
  context: QueryContext,
  query: Range,
  { version, embeddingId, progress }: Identity,
): Promise<OverviewAnswer> {
  const conditions = toConditions(query, 'topic', context)
  const { where, params } = conditions
  const pieces = turnPieces(conditions, { topicsPick: 'turns', arrays: ['AnchorIds', 'ArrivalTopicIds', 'TextHashes', 'Users'] })
  const [[row], sources, [run]] = await Promise.all([
    ask<OverviewRow>(context, 'overview', pieces, { ...params, activeSince: activeSince(context) }),
    ask<SourceRow>(
      context,
      'session_sources',
      { where, shared: isShared(context) },
      { ...params, minuteAgo: context.now.getTime() - 60_000 },
    ),
    ask<RunRow>(context, 'runs', {}, { before: newestRun, limit: 1 }),
  ])
  if (row === undefined) throw new Error('overview: expected one row')
  return {
    version,
    project: context.project,
    total: { events: row.Events, sessions: row.Sessions, users: row.Users },
    topics: context.topics.ofLevel('topic').length,
    unclustered: row.Unclustered,
    pending_events: row.Pending,
    active_sessions: row.ActiveSessions,
    events_last_minute: sources.reduce((sum, source) => sum + source.LastMinute, 0),
    last_event_at: row.LastEventAt === null ? null : toTime(row.LastEventAt),
    embedding: embeddingId,
    ...(progress?.knownShare !== undefined && { known_share: progress.knownShare }),
    ...(progress?.carryOver !== undefined && { carry_over: progress.carryOver }),
    last_run: run === undefined ? null : toRun(run),
    session_sources: sources.map(({ Source, Events }) => ({ source: Source, events: Events })),
  }
}

export async function queryRuns(context: QueryContext, { limit, cursor }: z.output<typeof page>): Promise<z.input<typeof runsAnswer>> {
  const [before] = cursor === undefined ? [newestRun] : parseCursor(cursor, 1)
  const rows = await ask<RunRow>(context, 'runs', {}, { before, limit })
  const last = rows.length < limit ? undefined : rows.at(-1)
  return { runs: rows.map(toRun), next_cursor: last === undefined ? null : toCursor([last.RunVersion]) }
}

export async function queryLineage(context: QueryContext, { from, to }: Range): Promise<z.input<typeof lineageAnswer>> {
  const params = { from: toUnixMs(from ?? '1970-01-01T00:00:00Z', context.now), to: toUnixMs(to ?? '2200-01-01T00:00:00Z', context.now) }
  const where = 'topic_lineage.At >= fromUnixTimestamp64Milli({from: Int64}) AND topic_lineage.At < fromUnixTimestamp64Milli({to: Int64})'
  const rows = await ask<LineageRow>(context, 'lineage', { where }, params)
  return {
    lineage: rows
      .filter((row) => isKnown(row, context))
      .map((row) => ({ ...toLineage(row), version: Number(row.RunVersion), level: row.Level })),
  }
}

/** The steps in the life of one topic. */
export async function queryLineageOf(context: QueryContext, topicId: bigint): Promise<ReturnType<typeof toLineage>[]> {
  const rows = await ask<LineageRow>(context, 'lineage', { where: '(FromId = {topicId: UInt64} OR ToId = {topicId: UInt64})' }, { topicId })
  return rows.filter((row) => isKnown(row, context)).map(toLineage)
}

/** Neither end is a topic that the caller does not see. */
function isKnown({ Level, FromTopic, ToTopic }: LineageRow, { crowd }: QueryContext): boolean {
  return [FromTopic, ToTopic].every((id) => id === unclusteredId || (crowd?.shown[Level].has(id) ?? true))
}

function toRun(row: RunRow) {
  return {
    version: Number(row.RunVersion),
    at: toTime(row.RunAt),
    messages: row.Messages,
    topics: row.Topics,
    gamma: row.Gamma,
    modularity: row.Modularity,
    silhouette: row.Silhouette,
    churn: row.Churn,
    duration_ms: row.DurationMs,
    trigger: row.Trigger,
  }
}

function toLineage(row: LineageRow) {
  const orNull = (id: string): string | null => (id === unclusteredId ? null : id)
  return { at: toTime(row.StepAt), kind: row.Kind, from_id: orNull(row.FromTopic), to_id: orNull(row.ToTopic), mass: row.Mass }
}
