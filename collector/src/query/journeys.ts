/** GET /journeys: how conversations flow over topics. */
import type { z } from 'zod'
import { type JourneysAnswer, journeysQuery } from './contract/journeys.ts'
import { unclusteredId } from './contract/common.ts'
import { type QueryContext, ask } from './context.ts'
import { pathArrays, toConditions, turnPieces } from './filters.ts'
import { type JourneyRow, toFlowAnswer } from './flow-answer.ts'
import { type PathRow, person, querySharedPaths } from './shared-paths.ts'
import { parseTopicId } from './topic-id.ts'

type JourneysQuery = z.output<typeof journeysQuery>

export async function queryJourneys(context: QueryContext, query: JourneysQuery): Promise<JourneysAnswer> {
  const conditions = toConditions(query, query.level, context)
  const flow = toFlow(query, context)
  const isAnonymous = context.minUsers > 0
  const turns = turnPieces(conditions, { topicsPick: 'sessions', arrays: isAnonymous ? [...pathArrays, 'Users'] : pathArrays })
  const pieces = { ...turns, ...flow.pieces, person: isAnonymous ? person : '' }
  const params = { ...conditions.params, ...flow.params, activeSince: activeSince(context), limit: query.limit }
  const [rows, isShared] = await Promise.all([
    ask<JourneyRow>(context, 'journeys', pieces, params),
    querySharedPaths(context, pieces, params),
  ])
  return toAnswer(rows, query.limit, isShared)
}

/** Unix ms: a session whose last event is younger has not ended. */
export function activeSince({ now, idleMs }: Pick<QueryContext, 'now' | 'idleMs'>): number {
  return now.getTime() - idleMs
}

/** The pieces and parameters that `journeys.sql` takes for its flow. */
export interface Flow {
  readonly pieces: { readonly place: string }
  readonly params: { readonly around: bigint; readonly first: number; readonly last: number; readonly top: number }
}

/** Which places the flow has: steps from the start of a session, or around the first visit of a topic. */
export function toFlow(
  { around, depth, top }: Pick<JourneysQuery, 'around' | 'depth' | 'top'>,
  { topics }: Pick<QueryContext, 'topics'>,
): Flow {
  const beyond = '{last: Int32} + 1'
  const [first, place] =
    around === undefined
      ? [1, `if(step > {last: Int32}, ${beyond}, step)`]
      : [
          -depth,
          `if(AroundStep = 0 OR abs(toInt32(step) - toInt32(AroundStep)) > {last: Int32}, ${beyond}, toInt32(step) - toInt32(AroundStep))`,
        ]
  const aroundId = around === undefined ? unclusteredId : topics.resolve(around)
  return { pieces: { place }, params: { around: parseTopicId(aroundId), first, last: depth, top } }
}

/** @param isShared rows that are not are left to `other` */
function toAnswer(rows: readonly JourneyRow[], limit: number, isShared: (row: PathRow) => boolean): JourneysAnswer {
  const list = (name: JourneyRow['List']): JourneyRow[] => rows.filter((row) => row.List === name)
  const visited = list('topic')
  const sessions = sum(visited, (row) => row.Starts)
  const sharedAs = (name: string): JourneyRow[] => visited.filter((row) => isShared({ ...row, List: name }))
  const starts = topRows(sharedAs('start'), (row) => row.Starts, limit)
  const dropOffs = topRows(sharedAs('drop_off'), (row) => row.DropOffs, limit)
  const repeats = topRows(sharedAs('repeat'), (row) => row.Rephrases, limit)
  const [allPairs, allCycles] = [list('pair'), list('cycle')]
  const [followUps, pairs, cycles] = [list('follow_up'), allPairs, allCycles].map((found) => found.filter(isShared)) as [
    JourneyRow[],
    JourneyRow[],
    JourneyRow[],
  ]
  return {
    sessions,
    active: sum(visited, (row) => row.Active),
    events: sum(visited, (row) => row.Turns),
    steps: sum(visited, (row) => row.Steps),
    topics: topRows(visited, (row) => row.Steps, visited.length).map((row) => ({
      topic_id: id(row.FromTopic),
      visits: row.Steps,
      sessions: row.Sessions,
      follow_ups: followUpsOf(row),
      drop_offs: row.DropOffs,
      active: row.Active,
      returns: row.Returns,
      rephrases: row.Rephrases,
    })),
    starts: starts.map((row) => ({ topic_id: id(row.FromTopic), sessions: row.Starts, share: row.Starts / sessions })),
    follow_ups: toFollowUps(followUps, visited),
    drop_offs: dropOffs.map((row) => ({
      topic_id: id(row.FromTopic),
      sessions: row.DropOffs,
      rate: row.DropOffs / row.Steps,
      error_rate: row.DropOffErrors / row.DropOffs,
      latency_ms: row.DropOffLatencyMs,
    })),
    back_and_forth: pairs.map((row) => ({ a: id(row.FromTopic), b: id(row.ToTopic), sessions: row.Sessions })),
    cycles: cycles.map((row) => ({ path: row.Cycle, sessions: row.Sessions })),
    repeats: repeats.map((row) => ({ topic_id: id(row.FromTopic), rephrases: row.Rephrases, sessions: row.RephraseSessions })),
    other: {
      starts: sessions - sum(starts, (row) => row.Starts),
      follow_ups: sum(visited, followUpsOf) - sum(followUps, (row) => row.Steps),
      drop_offs: sum(visited, (row) => row.DropOffs) - sum(dropOffs, (row) => row.DropOffs),
      back_and_forth: (allPairs[0]?.Total ?? 0) - sum(pairs, (row) => row.Sessions),
      cycles: (allCycles[0]?.Total ?? 0) - sum(cycles, (row) => row.Sessions),
    },
    flow: toFlowAnswer(list('node'), list('link'), isShared),
  }
}

/** Lift compares the share of a follow-up with the share that its topic has among all follow-ups. */
function toFollowUps(followUps: readonly JourneyRow[], visited: readonly JourneyRow[]): JourneysAnswer['follow_ups'] {
  const byId = new Map(visited.map((row) => [row.FromTopic, row]))
  const all = sum(visited, followUpsOf)
  return followUps.map((row) => {
    const from = byId.get(row.FromTopic)
    const to = byId.get(row.ToTopic)
    if (from === undefined || to === undefined) throw new Error('journeys: a follow-up names a topic that has no visit')
    const share = row.Steps / followUpsOf(from)
    const expected = (to.Steps - to.Starts) / all
    return {
      from: id(row.FromTopic),
      to: id(row.ToTopic),
      count: row.Steps,
      sessions: row.Sessions,
      share,
      lift: share / expected,
      median_seconds: Math.max(0, row.Seconds),
    }
  })
}

function followUpsOf(row: JourneyRow): number {
  return row.Steps - row.DropOffs - row.Active
}

function topRows(rows: readonly JourneyRow[], size: (row: JourneyRow) => number, limit: number): JourneyRow[] {
  return rows
    .filter((row) => size(row) > 0)
    .sort((a, b) => size(b) - size(a) || (id(a.FromTopic) < id(b.FromTopic) ? -1 : 1))
    .slice(0, limit)
}

function sum(rows: readonly JourneyRow[], value: (row: JourneyRow) => number): number {
  return rows.reduce((total, row) => total + value(row), 0)
}

/** Only the flow has rows without a topic. */
function id(topic: string | null): string {
  return topic ?? unclusteredId
}
