/** From a number of the journeys to the sessions behind it: a condition on a session's path. */
import type { z } from 'zod'
import { journeysQuery } from './contract/journeys.ts'
import type { sessionsQuery } from './contract/sessions.ts'
import type { QueryContext } from './context.ts'
import { toFunnel } from './funnel.ts'
import { queryJourneys } from './journeys.ts'
import { type Fault, toInvalidRequest } from './query-error.ts'
import { parseTopicId } from './topic-id.ts'

type SessionsQuery = z.output<typeof sessionsQuery>

/** A condition over the columns of `fragment_paths.sql`, the columns it needs besides, and its parameters. */
export interface DrillDown {
  readonly picked: string
  readonly columns: string
  readonly params: Readonly<Record<string, unknown>>
}

const everything: DrillDown = { picked: '1', columns: '', params: {} }
const at = '{at: UInt64}'
const next = '{next: UInt64}'

/** What each kind needs beside its name, and its condition. The flow and funnels are below: they need more than a condition. */
const kinds = {
  starts: { needs: ['at'], picked: `Path[1] = ${at}` },
  drop_offs: { needs: ['at'], picked: `NOT IsActive AND Path[-1] = ${at}` },
  active: { needs: [], picked: `IsActive AND ({anywhere: UInt8} OR Path[-1] = ${at})` },
  follow_ups: { needs: ['at', 'next'], picked: `hasSubstr(Path, [${at}, ${next}])` },
  back_and_forth: {
    needs: ['at', 'next'],
    picked: `hasSubstr(Path, [${at}, ${next}, ${at}]) OR hasSubstr(Path, [${next}, ${at}, ${next}])`,
  },
  visits: { needs: ['at'], picked: `has(Path, ${at})` },
  returns: { needs: ['at'], picked: `countEqual(Path, ${at}) > 1` },
  rephrases: { needs: ['at'], picked: `arrayExists((topic, rephrases) -> topic = ${at} AND rephrases > 0, Path, StepRephrases)` },
  // A closed walk through the cycle, wherever it begins.
  cycle: { needs: ['path'], picked: 'arrayExists(closed -> hasSubstr(Path, closed), {rotations: Array(Array(UInt64))})' },
} as const satisfies Partial<Record<string, { needs: readonly (keyof SessionsQuery)[]; picked: string }>>

/** @throws QueryError that names what the kind needs and did not get */
export async function toDrillDown(query: SessionsQuery, context: QueryContext): Promise<DrillDown> {
  const { journey } = query
  if (journey === undefined) return everything
  if (journey === 'flow') return toFlowDrillDown(query, context)
  if (journey === 'funnel') return toFunnelDrillDown(query, context)
  const { needs, picked } = kinds[journey]
  requireAll(query, needs)
  const id = (topic: string | undefined): bigint => parseTopicId(context.topics.resolve(topic ?? '0'))
  const cycle = (query.path ?? []).map(id)
  const rotations = cycle.map((first, i) => [...cycle.slice(i), ...cycle.slice(0, i), first])
  return {
    picked,
    columns: '',
    params: { at: id(query.at), next: id(query.next), anywhere: query.at === undefined ? 1 : 0, rotations },
  }
}

async function toFlowDrillDown(query: SessionsQuery, context: QueryContext): Promise<DrillDown> {
  requireAll(query, ['step', 'at'])
  const { step = 0, around, end } = query
  const place = around === undefined ? '{step: Int32}' : `toInt32(indexOf(Path, {around: UInt64})) + {step: Int32}`
  const shown = query.at === 'other' || query.next === 'other' ? await readShown(query, context) : () => []
  const matches = (topic: string | undefined, offset: number, name: string): string => {
    if (topic === undefined) return '1'
    const exists = `${place} + ${offset} BETWEEN 1 AND length(Path)`
    const test = topic === 'other' ? `NOT IN {${name}Shown: Array(UInt64)}` : `= {${name}: UInt64}`
    return `(${exists} AND Path[${place} + ${offset}] ${test})`
  }
  const clauses = [matches(query.at, 0, 'at'), matches(query.next, 1, 'next')]
  if (around !== undefined) clauses.push('has(Path, {around: UInt64})')
  if (end !== undefined) clauses.push(`${place} = length(Path) AND ${end === 'active' ? 'IsActive' : 'NOT IsActive'}`)
  const id = (topic: string | undefined): bigint | undefined =>
    topic === undefined || topic === 'other' ? undefined : parseTopicId(context.topics.resolve(topic))
  return {
    picked: clauses.join(' AND '),
    columns: '',
    params: {
      step,
      around: id(around) ?? 0n,
      at: id(query.at) ?? 0n,
      next: id(query.next) ?? 0n,
      atShown: shown(step),
      nextShown: shown(step + 1),
    },
  }
}

/** The topics that the flow names at each step: its Other are all others. */
async function readShown(query: SessionsQuery, context: QueryContext): Promise<(step: number) => bigint[]> {
  const { level, depth, top, around } = query
  const { flow } = await queryJourneys(context, { ...journeysQuery.parse({}), ...toFilters(query), level, depth, top, around, limit: 1 })
  return (step) =>
    (flow.steps.find((place) => place.step === step)?.nodes ?? []).flatMap(({ topic_id }) =>
      topic_id === null ? [] : [parseTopicId(topic_id)],
    )
}

function toFilters(query: SessionsQuery) {
  const { from, to, name, user_id, session_id, topic_id, dimension, segments, ranges } = query
  return { from, to, name, user_id, session_id, topic_id, dimension, segments, ranges }
}

function toFunnelDrillDown(query: SessionsQuery, context: QueryContext): DrillDown {
  requireAll(query, ['path', 'step'])
  const { reached, params } = toFunnel(query.path ?? [], query.strict, context)
  return { picked: 'length(Reached) >= {step: Int32}', columns: reached, params: { ...params, step: query.step } }
}

function requireAll(query: SessionsQuery, names: readonly (keyof SessionsQuery)[]): void {
  const faults: Fault[] = names
    .filter((name) => query[name] === undefined)
    .map((name) => ({ path: name, message: `journey=${query.journey} needs it` }))
  if (query.journey !== 'flow') {
    for (const name of ['at', 'next'] as const)
      if (query[name] === 'other') faults.push({ path: name, message: 'only journey=flow has "other"' })
  }
  if (faults.length > 0) throw toInvalidRequest(faults)
}
