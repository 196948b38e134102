/** GET /compare: two filters or periods side by side, with what of the difference may be chance. */
import type { z } from 'zod'
import type { Filters, Level } from './contract/common.ts'
import { type JourneysAnswer, journeysQuery } from './contract/journeys.ts'
import type { CompareAnswer, compareQuery } from './contract/segments.ts'
import type { QueryContext } from './context.ts'
import { toConditions } from './filters.ts'
import { queryJourneys } from './journeys.ts'
import { differenceTest, falseDiscoveryControl, newcombe } from './statistics.ts'
import { queryTotals } from './totals.ts'

/** How many of how many sessions, on both sides. */
interface Counts {
  readonly a: number
  readonly wholeA: number
  readonly b: number
  readonly wholeB: number
}

const leastSessions = 5 // on both sides together: rarer things cannot differ significantly and would only weaken the other tests
const mostRows = 5000

/**
 * The unit is the session, because events of one session depend on each other. Topics and transitions are shares of the side's sessions,
 * drop-offs shares of the sessions that visit the topic. The most certain differences come first.
 */
export async function queryCompare(context: QueryContext, query: z.output<typeof compareQuery>): Promise<CompareAnswer> {
  const { level, limit } = query
  const sides = await Promise.all([querySide(context, query.a, level), querySide(context, query.b, level)])
  const [a, b] = sides
  // With k-anonymity a path that one side lacks may only be too rare there to be seen.
  const ofBoth = context.minUsers > 0
  const topics = pair(
    a.topics,
    b.topics,
    (row) => row.topic_id,
    (row) => row.sessions,
    () => [a.sessions, b.sessions],
  )
  const transitions = pair(
    a.follow_ups,
    b.follow_ups,
    (row) => `${row.from} ${row.to}`,
    (row) => row.sessions,
    () => [a.sessions, b.sessions],
    ofBoth,
  )
  const visitors = (side: JourneysAnswer) => new Map(side.topics.map((row) => [row.topic_id, row.sessions]))
  const [visitorsA, visitorsB] = [visitors(a), visitors(b)]
  const dropOffs = pair(
    a.drop_offs,
    b.drop_offs,
    (row) => row.topic_id,
    (row) => row.sessions,
    (id) => [visitorsA.get(id) ?? 0, visitorsB.get(id) ?? 0],
    ofBoth,
  )
  const lists = [topics, transitions, dropOffs].map((list) => list.filter(({ counts }) => counts.a + counts.b >= leastSessions))
  // One control over all lists: whoever reads the answer reads all of them.
  const significant = falseDiscoveryControl(lists.flat().map(({ counts }) => pValue(counts)))
  const [judgedTopics = [], judgedTransitions = [], judgedDropOffs = []] = lists.map((list, i) => {
    const offset = lists.slice(0, i).reduce((sum, before) => sum + before.length, 0)
    return list
      .map(({ key, counts }, j) => ({ key, ...toDifference(counts, significant[offset + j]!) }))
      .sort((x, y) => x.p_value - y.p_value || Math.abs(y.difference) - Math.abs(x.difference))
      .slice(0, limit)
  })
  return {
    a: a.total,
    b: b.total,
    topics: judgedTopics.map(({ key, ...difference }) => ({ topic_id: key, ...difference })),
    transitions: judgedTransitions.map(({ key, ...difference }) => ({ from: key.slice(0, 16), to: key.slice(17), ...difference })),
    drop_offs: judgedDropOffs.map(({ key, ...difference }) => ({ topic_id: key, ...difference })),
  }
}

async function querySide(context: QueryContext, filters: Filters, level: Level) {
  const journeys = queryJourneys(context, { ...journeysQuery.parse({}), ...filters, level, limit: mostRows })
  const total = queryTotals(context, toConditions(filters, level, context))
  return { ...(await journeys), total: await total }
}

function pair<Row>(
  a: readonly Row[],
  b: readonly Row[],
  key: (row: Row) => string,
  value: (row: Row) => number,
  wholes: (key: string) => [number, number],
  ofBoth = false,
): { key: string; counts: Counts }[] {
  const toMap = (rows: readonly Row[]) => new Map(rows.map((row) => [key(row), value(row)]))
  const [inA, inB] = [toMap(a), toMap(b)]
  const names = ofBoth ? [...inA.keys()].filter((name) => inB.has(name)) : [...new Set([...inA.keys(), ...inB.keys()])]
  return names.map((name) => {
    const [wholeA, wholeB] = wholes(name)
    return { key: name, counts: { a: inA.get(name) ?? 0, wholeA, b: inB.get(name) ?? 0, wholeB } }
  })
}

function pValue({ a, wholeA, b, wholeB }: Counts): number {
  return differenceTest(a, wholeA, b, wholeB)
}

function toDifference(counts: Counts, significant: boolean) {
  const { a, wholeA, b, wholeB } = counts
  const [share_a, share_b] = [wholeA === 0 ? 0 : a / wholeA, wholeB === 0 ? 0 : b / wholeB]
  return { a, b, share_a, share_b, difference: share_b - share_a, ...newcombe(a, wholeA, b, wholeB), p_value: pValue(counts), significant }
}
