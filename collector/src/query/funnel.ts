/** GET /funnel: sessions that pass topics in order. */
import type { z } from 'zod'
import type { FunnelAnswer, funnelQuery } from './contract/journeys.ts'
import { type QueryContext, ask } from './context.ts'
import { pathArrays, toConditions, turnPieces } from './filters.ts'
import { activeSince } from './journeys.ts'
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
  const [row] = await ask<FunnelRow>(
    context,
    'funnel',
    { ...turnPieces(conditions, { topicsPick: 'sessions', arrays: pathArrays }), reached },
    { ...conditions.params, ...params, activeSince: activeSince(context) },
  )
  const sessions = row?.Sessions ?? 0
  return {
    sessions,
    steps: query.steps.map((step, i) => {
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
