/** The one place where filters become SQL: conditions with bound parameters, never text of a request. */
import type { Filters, Level } from './contract/common.ts'
import type { QueryContext } from './context.ts'
import { toUnixMs } from './time.ts'
import { parseTopicId } from './topic-id.ts'

/** Conditions on the rows of `events`, and the parameters that they name. */
export interface Conditions {
  /** Picks events: project, dimension, time, name, user, session, segments, ranges. */
  readonly where: string
  /** True for an event of one of the topics in the filter; `1` where the filter names none. */
  readonly inTopics: string
  /** The topic of an event at the level asked for; 0 = Unclustered. */
  readonly topic: string
  readonly params: Readonly<Record<string, unknown>>
}

const columns: Record<Level, { readonly attribute: string; readonly fallback: string }> = {
  // Until an anchor is part of a published run, its topic is the one voted at arrival. Other levels are not voted.
  topic: { attribute: 'TopicId', fallback: 'ArrivalTopicId' },
  subtopic: { attribute: 'SubtopicId', fallback: 'toUInt64(0)' },
  theme: { attribute: 'ThemeId', fallback: 'toUInt64(0)' },
}

export function toConditions(
  filters: Filters,
  level: Level,
  context: Pick<QueryContext, 'db' | 'now' | 'topics'>,
  options: { readonly everyDimension?: boolean } = {},
): Conditions {
  const params: Record<string, unknown> = {}
  const bind = (name: string, type: string, value: unknown): string => {
    params[name] = value
    return `{${name}: ${type}}`
  }
  const clauses = ['Project = {project: String}']
  if (filters.dimension !== undefined) clauses.push(`Dimension = ${bind('dimension', 'String', filters.dimension)}`)
  else if (!options.everyDimension) clauses.push('DimensionRank = 0')
  const { from, to } = filters
  if (from !== undefined) clauses.push(`Timestamp >= fromUnixTimestamp64Milli(${bind('from', 'Int64', toUnixMs(from, context.now))})`)
  if (to !== undefined) clauses.push(`Timestamp < fromUnixTimestamp64Milli(${bind('to', 'Int64', toUnixMs(to, context.now))})`)
  for (const [column, values] of Object.entries({ Name: filters.name, UserId: filters.user_id, SessionId: filters.session_id })) {
    if (values?.length) clauses.push(`${column} IN ${bind(`wanted${column}`, 'Array(String)', values)}`)
  }
  for (const [i, [field, values]] of Object.entries(filters.segments ?? {}).entries()) {
    clauses.push(`Fields[${bind(`field${i}`, 'String', field)}] IN ${bind(`values${i}`, 'Array(String)', values)}`)
  }
  for (const [i, [field, { min, max }]] of Object.entries(filters.ranges ?? {}).entries()) {
    const value = `toFloat64OrNull(Fields[${bind(`number${i}`, 'String', field)}])`
    if (min !== undefined) clauses.push(`${value} >= ${bind(`min${i}`, 'Float64', min)}`)
    if (max !== undefined) clauses.push(`${value} <= ${bind(`max${i}`, 'Float64', max)}`)
  }
  const topic = (of: Level): string => toTopic(of, context, params)
  return {
    where: clauses.join('\n    AND '),
    inTopics: toTopicCondition(filters.topic_id, level, context, topic, bind),
    topic: topic(level),
    params,
  }
}

/** The conditions as pieces of SQL for queries over single events. */
export function eventPieces({ where, inTopics, topic }: Conditions): { readonly where: string; readonly topic: string } {
  return { where: `${where}\n    AND (${inTopics})`, topic }
}

/** Pieces of the queries over sessions. */
export interface SessionPieces {
  readonly where: string
  readonly topic: string
  readonly having: string
  /** More columns of `fragment_paths.sql`. */
  readonly aggregates: string
  readonly [piece: string]: string
}

/** The same for queries over sessions: they stay whole where they visit a topic of the filter. */
export function sessionPieces({ where, inTopics, topic }: Conditions): SessionPieces {
  return { where, topic, having: inTopics === '1' ? '1' : `countIf(${inTopics}) > 0`, aggregates: '' }
}

function toTopic(level: Level, { db, topics }: Pick<QueryContext, 'db' | 'topics'>, params: Record<string, unknown>): string {
  const { attribute, fallback } = columns[level]
  const now = `dictGetOrDefault('${db.database}.anchor_topics_now', '${attribute}', AnchorId, ${fallback})`
  if (topics.redirects.size === 0) return now
  params['mergedIds'] = [...topics.redirects.keys()].map(parseTopicId)
  params['mergedInto'] = [...topics.redirects.values()].map(parseTopicId)
  return `transform(${now}, {mergedIds: Array(UInt64)}, {mergedInto: Array(UInt64)})`
}

/** Ids may be of any level; Unclustered is meant at the level asked for. */
function toTopicCondition(
  ids: readonly string[] | undefined,
  level: Level,
  { topics }: Pick<QueryContext, 'topics'>,
  topic: (level: Level) => string,
  bind: (name: string, type: string, value: unknown) => string,
): string {
  if (!ids?.length) return '1'
  const byLevel = new Map<Level, bigint[]>()
  for (const id of ids.map((given) => topics.resolve(given))) {
    const of = topics.get(id)?.Level ?? level
    byLevel.set(of, [...(byLevel.get(of) ?? []), parseTopicId(id)])
  }
  const clauses = [...byLevel].map(([of, wanted]) => `${topic(of)} IN ${bind(`${of}Ids`, 'Array(UInt64)', wanted)}`)
  return clauses.join(' OR ')
}
