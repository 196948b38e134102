/** GET /topics: what users talk about. */
import type { z } from 'zod'
import { type Level, unclusteredId } from './contract/common.ts'
import type { Topic, TopicsAnswer, topicsQuery } from './contract/topics.ts'
import { type Buckets, chooseBuckets } from './buckets.ts'
import { type QueryContext, ask } from './context.ts'
import { maskTopics } from './crowd.ts'
import { type Conditions, pathArrays, toConditions, countedPieces, turnPieces } from './filters.ts'
import { activeSince } from './journeys.ts'
import { toTime } from './time.ts'
import { type TopicIndex, type TopicRow, readTopicIndex } from './topic-index.ts'
import { nothing } from './totals.ts'

/** A row of `topics.sql`. */
export interface ActivityRow {
  readonly Id: string
  readonly IsTotal: 0 | 1
  readonly Events: number
  readonly Sessions: number
  readonly Users: number
  readonly FirstSeen: number
  readonly LastSeen: number
  readonly Visits: number
  readonly DropOffs: number
  readonly Rephrases: number
  readonly Errors: number
  readonly InputTokens: number
  readonly OutputTokens: number
  readonly Cost: number
  readonly LatencyMs: number
  readonly Sentiment: number
  readonly Trend: number[]
}

/** How far a project is on the way to its first topics. */
export interface Progress {
  readonly seen: number
  readonly until: number
  /** Share of the letters of recent texts that the embedding knows, 0…1; undefined where it cannot say. */
  readonly knownShare?: number | undefined
  /** Texts embedded anew, and in all, while topics are carried over to another embedding. */
  readonly carryOver?: { readonly done: number; readonly total: number } | undefined
}

export async function queryTopics(context: QueryContext, query: z.output<typeof topicsQuery>, progress: Progress): Promise<TopicsAnswer> {
  const conditions = toConditions(query, query.level, context)
  const buckets = await chooseBuckets(context, query)
  const rows = await queryActivity(context, conditions, buckets)
  const total = rows.find((row) => row.IsTotal === 1)
  const unclustered = rows.find((row) => row.IsTotal === 0 && row.Id === unclusteredId)
  const topicRows = rows.filter((row) => row.IsTotal === 0 && row.Id !== unclusteredId)
  const newest = {
    ...context,
    topics: await withAll(
      topicRows.map(({ Id }) => Id),
      context,
    ),
  }
  const topics = topicRows.map((row) => toTopic(row, total?.Events ?? 0, query.level, newest))
  const listed = topics.filter((topic) => (query.hidden || !topic.hidden) && isFound(topic, query.search)).slice(0, query.limit)
  const sumEvents = (list: readonly Topic[]): number => list.reduce((sum, topic) => sum + topic.events, 0)
  return {
    topics: listed,
    other: { topics: topics.length - listed.length, events: sumEvents(topics) - sumEvents(listed) },
    unclustered: toTotal(unclustered),
    pending: { events: progress.seen, until: progress.until },
    buckets: Array.from({ length: buckets.count }, (_, i) => toTime(buckets.startMs + i * buckets.widthMs)),
    total: toTotal(total),
  }
}

/** The topics by id; read again when a run was published after they had been, so that none is without a label. */
export async function withAll(ids: readonly string[], context: QueryContext): Promise<TopicIndex> {
  const { topics } = context
  if (ids.every((id) => topics.get(id) !== undefined)) return topics
  const newest = await readTopicIndex(context)
  return context.crowd === undefined ? newest : maskTopics(newest, context.crowd)
}

const activityArrays = [...pathArrays, 'Users', 'InputTokens', 'OutputTokens', 'Costs', 'Sentiments'] as const

/** Activity per topic and in all; the trend in the given buckets. */
export async function queryActivity(context: QueryContext, conditions: Conditions, buckets: Buckets): Promise<ActivityRow[]> {
  const trend = { buckets: String(buckets.count), bucketStart: `${buckets.startMs}000000`, bucketWidth: `${buckets.widthMs}000000` }
  const turns = turnPieces(conditions, { topicsPick: 'sessions', arrays: activityArrays })
  const params = { ...conditions.params, activeSince: activeSince(context) }
  return ask<ActivityRow>(context, 'topics', { ...turns, ...trend, ...countedPieces(conditions) }, params)
}

export function toTopic(row: ActivityRow, allEvents: number, level: Level, { topics }: QueryContext): Topic {
  const known = topics.get(row.Id)
  return {
    id: row.Id,
    ...toDescription(known, level),
    events: row.Events,
    sessions: row.Sessions,
    users: row.Users,
    share: ratio(row.Events, allEvents),
    trend: row.Trend,
    first_seen: toTime(row.FirstSeen),
    last_seen: toTime(row.LastSeen),
    born_at: toTime(known?.BornAt ?? row.FirstSeen),
    drop_off_rate: ratio(row.DropOffs, row.Visits),
    rephrase_rate: ratio(row.Rephrases, row.Events),
    error_rate: ratio(row.Errors, row.Events),
    input_tokens: row.InputTokens,
    output_tokens: row.OutputTokens,
    cost: row.Cost,
    latency_ms: row.LatencyMs,
    sentiment: row.Sentiment,
  }
}

type Description = Pick<
  Topic,
  'label' | 'description' | 'label_source' | 'keyphrases' | 'level' | 'parent_id' | 'examples' | 'hidden' | 'pinned'
>

/** What is known of a topic beside its figures; a topic so new that its row is not there yet has no words. */
export function toDescription(known: TopicRow | undefined, level: Level): Description {
  return {
    label: known?.Label ?? '',
    description: known?.Description ?? '',
    label_source: known?.LabelSource ?? 'phrase',
    keyphrases: known?.Keyphrases ?? [],
    level: known?.Level ?? level,
    parent_id: known === undefined || known.Parent === unclusteredId ? null : known.Parent,
    examples: known?.Examples ?? [],
    hidden: Boolean(known?.Hidden),
    pinned: Boolean(known?.Pinned),
  }
}

export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole)
}

function toTotal(row: ActivityRow | undefined) {
  return row === undefined ? nothing : { events: row.Events, sessions: row.Sessions, users: row.Users }
}

function isFound(topic: Topic, search: string | undefined): boolean {
  if (search === undefined) return true
  const wanted = search.toLowerCase()
  return [topic.label, topic.description, ...topic.keyphrases, ...topic.examples].some((text) => text.toLowerCase().includes(wanted))
}
