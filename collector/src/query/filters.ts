/** The one place where filters become SQL: conditions with bound parameters, never text of a request. */
import { type Filters, type Level, unclusteredId } from './contract/common.ts'
import type { QueryContext } from './context.ts'
import type { Pieces } from './sql.ts'
import { toUnixMs } from './time.ts'
import { otherId } from './crowd.ts'
import { type StoredArray, type TurnCondition, storedTurns } from './stored-turns.ts'
import { parseTopicId } from './topic-id.ts'
import type { TopicIndex } from './topic-index.ts'

type FilterContext = Pick<QueryContext, 'db' | 'now' | 'topics' | 'crowd'>

/** Conditions of a filter, and the parameters that they name. */
export interface Conditions {
  /** On rows of `events`: project, dimension, time, name, user, session, segments, ranges. */
  readonly where: string
  /** `where` without the conditions on names, segments and ranges, and these one by one. */
  readonly base: string
  readonly narrowing: readonly string[]
  /** The same on `session_turns`; undefined where that table does not know enough. */
  readonly stored: StoredConditions | undefined
  /** True for an event (by AnchorId and ArrivalTopicId) of one of the topics in the filter; `1` where the filter names none. */
  readonly inTopics: string
  /** The topic of an event at the level asked for; 0 = Unclustered. */
  readonly topic: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface StoredConditions {
  /** Rules out sessions that cannot match. */
  readonly sessionWhere: string
  readonly turns: readonly TurnCondition[]
}

const attributes = { topic: 'TopicId', subtopic: 'SubtopicId', theme: 'ThemeId' } as const satisfies Record<Level, string>
const topicElements = { AnchorId: 'AnchorIds', ArrivalTopicId: 'ArrivalTopicIds' } as const
/** What `fragment_paths.sql` reads of a turn. */
export const pathArrays: readonly StoredArray[] = ['AnchorIds', 'ArrivalTopicIds', 'TextHashes', 'Errors', 'LatenciesMs']

/** @param options.everyDimension count texts of all dimensions, not only main ones */
export function toConditions(
  filters: Filters,
  level: Level,
  context: FilterContext,
  options: { readonly everyDimension?: boolean } = {},
): Conditions {
  const params: Record<string, unknown> = {}
  const bind = (name: string, type: string, value: unknown): string => {
    params[name] = value
    return `{${name}: ${type}}`
  }
  const events = ['Project = {project: String}']
  const narrowing: string[] = []
  const sessions = ['Project = {project: String}']
  const turns: TurnCondition[] = []

  if (filters.dimension !== undefined) events.push(`Dimension = ${bind('dimension', 'String', filters.dimension)}`)
  else if (!options.everyDimension) events.push('DimensionRank = 0')
  const atTime = (sql: string, ofSession: string): void => {
    events.push(sql)
    sessions.push(ofSession)
    turns.push({ sql, elements: { Timestamp: 'Times' } })
  }
  if (filters.from !== undefined) {
    const from = `fromUnixTimestamp64Milli(${bind('from', 'Int64', toUnixMs(filters.from, context.now))})`
    atTime(`Timestamp >= ${from}`, `EndedAt >= ${from}`)
  }
  if (filters.to !== undefined) {
    const to = `fromUnixTimestamp64Milli(${bind('to', 'Int64', toUnixMs(filters.to, context.now))})`
    atTime(`Timestamp < ${to}`, `StartedAt < ${to}`)
  }
  if (filters.name?.length) {
    const sql = `Name IN ${bind('names', 'Array(String)', filters.name)}`
    narrowing.push(sql)
    turns.push({ sql, elements: { Name: 'Names' } })
  }
  if (filters.user_id?.length) {
    const users = bind('users', 'Array(String)', filters.user_id)
    events.push(`UserId IN ${users}`)
    turns.push({ sql: `has(arrayMap(id -> cityHash64(id), ${users}), User)`, elements: { User: 'Users' } })
  }
  if (filters.session_id?.length) {
    const [session, ...others] = filters.session_id
    const sql =
      others.length === 0
        ? `SessionId = ${bind('session', 'String', session)}` // a twentieth quicker than a set of one
        : `SessionId IN ${bind('sessions', 'Array(String)', filters.session_id)}`
    events.push(sql)
    sessions.push(sql)
  }
  for (const [i, [field, values]] of Object.entries(filters.segments ?? {}).entries()) {
    const [name, wanted] = [bind(`field${i}`, 'String', field), bind(`values${i}`, 'Array(String)', values)]
    narrowing.push(`Fields[${name}] IN ${wanted}`)
    turns.push({
      sql: `hasAny(Hashes, arrayMap(value -> cityHash64(${name}, value), ${wanted}))`,
      elements: { Hashes: 'FieldHashes' },
    })
  }
  for (const [i, [field, { min, max }]] of Object.entries(filters.ranges ?? {}).entries()) {
    const value = `toFloat64OrNull(Fields[${bind(`number${i}`, 'String', field)}])`
    if (min !== undefined) narrowing.push(`${value} >= ${bind(`min${i}`, 'Float64', min)}`)
    if (max !== undefined) narrowing.push(`${value} <= ${bind(`max${i}`, 'Float64', max)}`)
  }
  // session_turns has main texts only, and of fields only whether they have a value.
  const isStored = filters.dimension === undefined && filters.ranges === undefined && !options.everyDimension
  return {
    where: [...events, ...narrowing].join('\n    AND '),
    base: events.join('\n    AND '),
    narrowing,
    stored: isStored ? { sessionWhere: sessions.join(' AND '), turns } : undefined,
    inTopics: toTopicCondition(filters.topic_id, level, context, params, bind),
    topic: toTopic(level, context, params),
    params,
  }
}

/** The conditions as pieces of SQL for queries over rows of `events`. */
export function eventPieces({ where, inTopics, topic }: Conditions): { readonly where: string; readonly topic: string } {
  return { where: `${where}\n    AND (${inTopics})`, topic }
}

/** What a query over the turns of sessions, `{{turns}}`, asks for. */
export interface TurnsWanted {
  /** `turns`: a turn counts if its topic is in the filter; `sessions`: a session stays whole if it visits a topic of the filter. */
  readonly topicsPick: 'turns' | 'sessions'
  /** What it reads of a turn beside its time. */
  readonly arrays: readonly StoredArray[]
}

/** Turns from `session_turns`, or from `events` for what only they can answer. */
export function turnPieces(conditions: Conditions, { topicsPick, arrays }: TurnsWanted): Pieces {
  const { stored, inTopics, topic } = conditions
  if (stored === undefined) return eventTurnPieces(conditions, topicsPick, '')
  const isTopicFilter = inTopics !== '1'
  return storedTurns({
    sessionWhere: stored.sessionWhere,
    conditions: isTopicFilter && topicsPick === 'turns' ? [...stored.turns, { sql: inTopics, elements: topicElements }] : stored.turns,
    arrays,
    topic: arrays.includes('AnchorIds') ? topic : undefined,
    visited:
      isTopicFilter && topicsPick === 'sessions'
        ? `arrayExists((AnchorId, ArrivalTopicId) -> ${inTopics}, TurnAnchors, TurnArrivals)`
        : '1',
  })
}

const uncounted = '18446744073709551615' // no topic has this id: ids are hashes, and this would be one in 2^64

/** The pieces of `topics.sql` that tell the turns of the filter's topics from the others of their sessions. */
export function countedPieces({ inTopics }: Conditions): Pieces {
  const marked = `arrayMap((topic, AnchorId, ArrivalTopicId) -> if(${inTopics}, topic, ${uncounted}), TurnTopics, TurnAnchors, TurnArrivals)`
  return { uncounted, countedTopics: inTopics === '1' ? 'TurnTopics' : marked }
}

/** @param aggregates more columns per session, each behind a comma, or the placeholder of a fragment that is so */
export function eventTurnPieces({ where, inTopics, topic }: Conditions, topicsPick: TurnsWanted['topicsPick'], aggregates: string): Pieces {
  return {
    turns: '{{turns_events}}',
    topic,
    aggregates,
    where: topicsPick === 'turns' ? `${where}\n    AND (${inTopics})` : where,
    having: topicsPick === 'sessions' && inTopics !== '1' ? `countIf(${inTopics}) > 0` : '1',
  }
}

/** Topics of too few users are Other from the start, so that no query can tell them apart. */
function toTopic(level: Level, context: FilterContext, params: Record<string, unknown>): string {
  const topic = toOwnTopic(level, context, params)
  if (context.crowd === undefined) return topic
  const name = `${level}Shown`
  params[name] = [...context.crowd.shown[level]].map(parseTopicId)
  return `transform(${topic}, {${name}: Array(UInt64)}, {${name}: Array(UInt64)}, toUInt64(${parseTopicId(otherId)}))`
}

function toOwnTopic(level: Level, { db, topics }: FilterContext, params: Record<string, unknown>): string {
  const now = `dictGetOrDefault('${db.database}.anchor_topics_now', '${attributes[level]}', AnchorId, ${atArrival(level, topics, params)})`
  if (topics.redirects.size === 0) return now
  params['mergedIds'] = [...topics.redirects.keys()].map(parseTopicId)
  params['mergedInto'] = [...topics.redirects.values()].map(parseTopicId)
  return `transform(${now}, {mergedIds: Array(UInt64)}, {mergedInto: Array(UInt64)})`
}

/** Ids may be of any level; Unclustered is meant at the level asked for. */
function toTopicCondition(
  ids: readonly string[] | undefined,
  level: Level,
  context: FilterContext,
  params: Record<string, unknown>,
  bind: (name: string, type: string, value: unknown) => string,
): string {
  if (!ids?.length) return '1'
  const byLevel = new Map<Level, bigint[]>()
  for (const id of ids.map((given) => context.topics.resolve(given))) {
    const of = context.topics.get(id)?.Level ?? level
    byLevel.set(of, [...(byLevel.get(of) ?? []), parseTopicId(id)])
  }
  const clauses = [...byLevel].map(([of, wanted]) => `${toTopic(of, context, params)} IN ${bind(`${of}Ids`, 'Array(UInt64)', wanted)}`)
  return clauses.join(' OR ')
}

/** Until an anchor is part of a published run, its topic is the one voted at arrival, and its theme that topic's. Subtopics are not voted. */
function atArrival(level: Level, topics: TopicIndex, params: Record<string, unknown>): string {
  if (level === 'topic') return 'ArrivalTopicId'
  const parents = level === 'theme' ? parentsOf(topics) : []
  if (parents.length === 0) return 'toUInt64(0)'
  params['arrivalTopics'] = parents.map(([id]) => parseTopicId(id))
  params['arrivalThemes'] = parents.map(([, parent]) => parseTopicId(parent))
  return 'transform(ArrivalTopicId, {arrivalTopics: Array(UInt64)}, {arrivalThemes: Array(UInt64)}, toUInt64(0))'
}

/** Topics that are in a theme, with it; merged ones too. */
function parentsOf(topics: TopicIndex): (readonly [id: string, parent: string])[] {
  const merged = [...topics.redirects].map(([id, into]) => [id, topics.get(into)?.Parent ?? unclusteredId] as const)
  const living = topics.ofLevel('topic').map(({ Id, Parent }) => [Id, Parent] as const)
  return [...living, ...merged].filter(([, parent]) => parent !== unclusteredId)
}
