/** GET /funnel: sessions that pass topics in order. */
import type { z } from 'zod'
import type { FunnelAnswer, funnelQuery } from './contract/journeys.ts'
import { type QueryContext, ask } from './context.ts'
import { pathArrays, toConditions, turnPieces } from './filters.ts'
import { activeSince } from './journeys.ts'
import type { Pieces } from './sql.ts'
import { parseTopicId } from './topic-id.ts'

interface FunnelRow {
  readonly Sessions: number
  readonly Reaching: number[]
  readonly Seconds: number[]
}

/** A piece of SQL that makes the column `Reached`, and its parameter. */
export interface Funnel {
  readonly reached: string
  readonly params: { readonly funnel: readonly bigint[] }
}

/** The column `Reached` of a session, and its parameter. */
export function toFunnel(steps: readonly string[], strict: boolean, { topics }: Pick<QueryContext, 'topics'>): Funnel {
  return {
    reached: strict ? '{{funnel_strict}}' : '{{funnel_loose}}',
    params: { funnel: steps.map((step) => parseTopicId(topics.resolve(step))) },
  }
}

export async function queryFunnel(context: QueryContext, query: z.output<typeof funnelQuery>): Promise<FunnelAnswer> {
  const conditions = toConditions(query, query.level, context)
  const { reached, params } = toFunnel(query.steps, query.strict, context)
  const isAnonymous = context.minUsers > 0
  const turns = turnPieces(conditions, { topicsPick: 'sessions', arrays: isAnonymous ? [...pathArrays, 'Users'] : pathArrays })
  const allParams = { ...conditions.params, ...params, activeSince: activeSince(context) }
  const [[row], sharedSteps] = await Promise.all([
    ask<FunnelRow>(context, 'funnel', { ...turns, reached }, allParams),
    isAnonymous ? querySharedSteps(context, { ...turns, reached }, allParams) : query.steps.length,
  ])
  const sessions = row?.Sessions ?? 0
  return {
    sessions,
    steps: query.steps.slice(0, sharedSteps).map((step, i) => {
      const reaching = row?.Reaching[i] ?? 0
      return {
        topic_id: context.topics.resolve(step),
        sessions: reaching,
        share: sessions === 0 ? 0 : reaching / sessions,
        median_seconds: reaching === 0 ? 0 : Math.max(0, row?.Seconds[i] ?? 0),
      }
    }),
  }
}

/** With k-anonymity: how many steps, from the first on, enough people reach. */
async function querySharedSteps(context: QueryContext, pieces: Pieces, params: Readonly<Record<string, unknown>>): Promise<number> {
  const rows = await ask<{ Step: number }>(context, 'crowd_funnel', { ...pieces, below: String(context.minUsers - 1) }, params)
  return rows.length // who reaches a step has reached those before it
}
