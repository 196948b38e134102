/** GET /topics/:id: one topic with what comes before and after it, who asks for it, and its life. */
import type { z } from 'zod'
import type { TopicDetail, topicQuery } from './contract/topics.ts'
import { chooseBuckets } from './buckets.ts'
import { journeysQuery } from './contract/journeys.ts'
import { type QueryContext, ask, isShared } from './context.ts'
import { effectiveKind, readFields } from './fields.ts'
import { type Conditions, toConditions } from './filters.ts'
import { queryJourneys } from './journeys.ts'
import { queryLineageOf } from './overview.ts'
import { QueryError } from './query-error.ts'
import { lift } from './statistics.ts'
import { parseTopicId } from './topic-id.ts'
import { type ActivityRow, queryActivity, ratio, toTopic } from './topics.ts'
import { queryTotals } from './totals.ts'

/** A row of `segment_lift.sql`. */
interface LiftRow {
  readonly Field: string
  readonly Value: string
  readonly TopicEvents: number
  readonly Events: number
  readonly TopicField: number
  readonly AllField: number
}

/** A row of `topic_numbers.sql`. */
interface NumberRow {
  readonly Field: string
  readonly Events: number
  readonly Mean: number
  readonly MeanOfAll: number
}

const leastSegmentEvents = 20 // fewer say nothing of a segment
const mostSegments = 50
const mostFollowUps = 50

/** @throws QueryError NOT_FOUND */
export async function queryTopic(context: QueryContext, asked: string, filters: z.output<typeof topicQuery>): Promise<TopicDetail> {
  const id = context.topics.resolve(asked)
  const known = context.topics.get(id)
  const level = known?.Level ?? 'topic'
  const all = toConditions({ ...filters, topic_id: undefined }, level, context)
  const own = toConditions({ ...filters, topic_id: [id] }, level, context)
  const buckets = await chooseBuckets(context, filters)
  const [activity, total, journeys, segments, numbers, lineage] = await Promise.all([
    queryActivity(context, own, buckets),
    queryTotals(context, all),
    queryJourneys(context, { ...journeysQuery.parse({}), ...filters, topic_id: undefined, level, limit: 5000 }),
    queryLifts(context, own),
    queryNumbers(context, own),
    queryLineageOf(context, parseTopicId(id)),
  ])
  const row = activity.find((candidate) => candidate.Id === id)
  if (row === undefined && known === undefined) throw new QueryError('NOT_FOUND', 'there is no such topic')
  const before = journeys.follow_ups.filter((followUp) => followUp.to === id)
  const arrivals = before.reduce((sum, followUp) => sum + followUp.count, 0)
  return {
    ...toTopic(row ?? quiet(id, known?.BornAt ?? 0, buckets.count), total.events, level, context),
    follow_ups: journeys.follow_ups
      .filter((followUp) => followUp.from === id)
      .slice(0, mostFollowUps)
      .map(({ to, count, share, lift }) => ({ topic_id: to, count, share, lift })),
    predecessors: before.slice(0, mostFollowUps).map(({ from, count }) => ({ topic_id: from, count, share: ratio(count, arrivals) })),
    segments,
    numbers,
    children: (['subtopic', 'topic'] as const).flatMap((below) =>
      context.topics
        .ofLevel(below)
        .filter((row) => row.Parent === id)
        .map((row) => row.Id),
    ),
    lineage,
    redirected_from: id === asked ? null : asked,
  }
}

/** Segments with more or fewer of the topic's events than their share of all, surest first. */
async function queryLifts(context: QueryContext, { where, inTopics, params }: Conditions): Promise<TopicDetail['segments']> {
  const enums = await fieldsOfKind(context, 'enum')
  if (enums.length === 0) return []
  const rows = await ask<LiftRow>(
    context,
    'segment_lift',
    { where, inTopics, shared: isShared(context, inTopics) },
    { ...params, enums, least: leastSegmentEvents },
  )
  return rows
    .map((row) => ({
      field: row.Field,
      value: row.Value,
      events: row.TopicEvents,
      ...lift(row.TopicEvents, row.TopicField, row.Events, row.AllField),
    }))
    .filter(({ low, high }) => low > 1 || high < 1)
    .sort((a, b) => certainty(b) - certainty(a))
    .slice(0, mostSegments)
}

async function queryNumbers(context: QueryContext, { where, inTopics, params }: Conditions): Promise<TopicDetail['numbers']> {
  const numbers = await fieldsOfKind(context, 'number')
  if (numbers.length === 0) return []
  const rows = await ask<NumberRow>(
    context,
    'topic_numbers',
    { where, inTopics, shared: isShared(context, 'IsOwn') },
    { ...params, numbers },
  )
  return rows.map((row) => ({ field: row.Field, events: row.Events, mean: row.Mean, mean_of_all: row.MeanOfAll }))
}

async function fieldsOfKind(context: QueryContext, kind: 'enum' | 'number'): Promise<string[]> {
  return [...(await readFields(context)).values()].filter((row) => effectiveKind(row) === kind).map((row) => row.Field)
}

/** How far the interval stays away from "as often as elsewhere". */
function certainty({ low, high }: { low: number; high: number }): number {
  return low > 1 ? low : 1 / Math.max(high, Number.MIN_VALUE)
}

/** A topic without events in the filter. */
function quiet(id: string, bornAt: number, buckets: number): ActivityRow {
  const zero = {
    Events: 0,
    Sessions: 0,
    Users: 0,
    Visits: 0,
    DropOffs: 0,
    Rephrases: 0,
    Errors: 0,
    InputTokens: 0,
    OutputTokens: 0,
    Cost: 0,
    LatencyMs: 0,
    Sentiment: 0,
  }
  return { Id: id, IsTotal: 0, ...zero, FirstSeen: bornAt, LastSeen: bornAt, Trend: Array.from({ length: buckets }, () => 0) }
}
