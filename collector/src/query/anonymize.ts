/** Keeps a key with k-anonymity to groups: which routes it may use, how exactly it may ask, and whom a selection must at least hold. */
import type { Filters } from './contract/common.ts'
import type { RouteName } from './contract/routes.ts'
import { type QueryContext, ask } from './context.ts'
import { type CrowdRow, maskTopics, toCrowd, tooFewUsers } from './crowd.ts'
import { topicsOfEvent } from './event-rows.ts'
import { toConditions, turnPieces } from './filters.ts'
import { QueryError } from './query-error.ts'
import { toTime, toUnixMs } from './time.ts'

/** What a route was asked; the routes of groups have filters at most, and `compare` has two. */
type Query = Partial<Filters> & { readonly a?: Filters; readonly b?: Filters }

export interface Anonymous<Q> {
  /** Knows only what the key may see. */
  readonly context: QueryContext
  /** Asks no more exactly than the key may. */
  readonly query: Q
}

/** Routes that answer about groups. All others, new ones included, show single events, sessions or edits. */
const groupRoutes: ReadonlySet<RouteName> = new Set([
  'overview',
  'topics',
  'topic',
  'journeys',
  'funnel',
  'segments',
  'compare',
  'emerging',
  'runs',
  'lineage',
  'project',
])
const wholeRoutes: ReadonlySet<RouteName> = new Set(['runs', 'project']) // their figures are of the whole project
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * @throws QueryError FORBIDDEN for a route or filter that would show one person, TOO_FEW_USERS for a selection of fewer than `minUsers`, or
 * one from which a filter leaves fewer out
 */
export async function anonymize<Q>(name: RouteName, query: Q, context: QueryContext): Promise<Anonymous<Q>> {
  const { minUsers } = context
  if (!groupRoutes.has(name)) throw new QueryError('FORBIDDEN', `this key shows what at least ${minUsers} users share, and nobody's events`)
  const asked = (query ?? {}) as Query
  refusePersons(asked, minUsers)
  const coarse = coarsen(name, asked, context)
  if (wholeRoutes.has(name)) return { context, query: coarse as Q }
  const selections = selectionsOf(name, coarse, context)
  const crowd = toCrowd(await Promise.all(selections.map((filters) => queryCrowd(filters, context))), minUsers)
  await Promise.all(selections.map((filters) => refuseSmallRest(filters, context)))
  return { context: { ...context, crowd, topics: maskTopics(context.topics, crowd) }, query: coarse as Q }
}

/** Times in an answer: those of single events are cut to the hour. */
export function coarsenTimes(answer: unknown): unknown {
  if (typeof answer === 'string') return rfc3339.test(answer) ? toTime(floor(Date.parse(answer), hourMs)) : answer
  if (Array.isArray(answer)) return answer.map(coarsenTimes)
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, coarsenTimes(value)]))
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function refusePersons({ a, b, ...filters }: Query, minUsers: number): void {
  const named = [filters, a, b].some((given) => given?.user_id?.length || given?.session_id?.length)
  if (named)
    throw new QueryError(
      'FORBIDDEN',
      `this key shows what at least ${minUsers} users share: filters by user_id or session_id are not for it`,
    )
}

/** Whole days (UTC), and of today whole hours: who asks twice, a moment apart, learns nothing of the moment. */
function coarsen(name: RouteName, query: Query, { now }: QueryContext): Query {
  const edge = (time: string): string => {
    const unixMs = toUnixMs(time, now)
    return toTime(floor(unixMs, unixMs < floor(now.getTime(), dayMs) ? dayMs : hourMs))
  }
  const cut = <F extends Partial<Filters>>(filters: F): F => ({
    ...filters,
    ...(filters.from !== undefined && { from: edge(filters.from) }),
    to: edge(filters.to ?? 'now'),
  })
  if (name === 'compare' && query.a !== undefined && query.b !== undefined) return { ...query, a: cut(query.a), b: cut(query.b) }
  return cut(query)
}

/** What the answer counts. Emerging topics are of the time range and of the weeks before it. */
function selectionsOf(name: RouteName, query: Query, { now }: QueryContext): Filters[] {
  const { a, b, ...filters } = query
  if (name === 'compare') return [a ?? {}, b ?? {}]
  if (name === 'lineage') return [{}]
  if (name !== 'emerging') return [filters]
  const { from = toTime(toUnixMs(filters.to ?? 'now', now) - dayMs) } = filters
  return [
    { ...filters, from },
    { ...filters, from: undefined, to: undefined },
  ]
}

async function queryCrowd(filters: Filters, context: QueryContext): Promise<CrowdRow[]> {
  const conditions = toConditions({ ...filters, topic_id: undefined }, 'topic', context)
  const topics = topicsOfEvent(context)
  const turns = turnPieces(conditions, { topicsPick: 'turns', arrays: ['AnchorIds', 'ArrivalTopicIds', 'Users'] })
  const pieces = { ...turns, ...topics.pieces, enough: String(context.minUsers) }
  return ask<CrowdRow>(context, 'crowd', pieces, { ...topics.params, ...conditions.params })
}

/** The difference between an answer with and without one of its filters must not be one person. */
async function refuseSmallRest(filters: Filters, context: QueryContext): Promise<void> {
  const { base, narrowing, params } = toConditions({ ...filters, topic_id: undefined }, 'topic', context)
  if (narrowing.length === 0) return
  const leftOut = narrowing.map((own) => [`NOT ifNull(${own}, 0)`, ...narrowing.filter((each) => each !== own)].join(' AND '))
  const events = leftOut.map((condition) => `countIf(${condition})`).join(', ')
  const users = leftOut.map((condition) => `uniqUpToIf(${context.minUsers})(UserId, UserId != '' AND ${condition})`).join(', ')
  const [row] = await ask<{ Events: number[]; Users: number[] }>(context, 'crowd_left_out', { where: base, events, users }, params)
  if (row?.Events.some((count, i) => count > 0 && row.Users[i]! < context.minUsers)) throw tooFewUsers(context.minUsers)
}

function floor(unixMs: number, widthMs: number): number {
  return Math.floor(unixMs / widthMs) * widthMs
}
