/** GET /sessions/:id: one session as a transcript, with the topic of each turn and why. */
import { type SessionAnswer, type why } from './contract/sessions.ts'
import type { z } from 'zod'
import { type QueryContext, ask } from './context.ts'
import { type EventRow, toEvent, topicsOfEvent } from './event-rows.ts'
import { eventTurnPieces, toConditions } from './filters.ts'
import { activeSince } from './journeys.ts'
import { QueryError } from './query-error.ts'
import { querySummaries } from './sessions.ts'
import { toTopicId } from './topic-id.ts'

/** Why a text is in its topic. */
export interface Explanation {
  readonly similarity: number
  /** 0 = there is no second one. */
  readonly secondTopicId: bigint
  readonly secondShare: number
  readonly nearest: readonly { readonly text: string; readonly similarity: number; readonly topicId: bigint }[]
}

/** Explains texts, in their order; an empty list where nobody can. */
export type Explain = (project: string, texts: readonly string[]) => Promise<readonly Explanation[]>

/** @throws QueryError NOT_FOUND */
export async function querySession(context: QueryContext, id: string, explain: Explain): Promise<SessionAnswer> {
  const conditions = toConditions({ session_id: [id] }, 'topic', context)
  const [summaries, rows] = await Promise.all([
    querySummaries(context, conditions, [id]),
    ask<EventRow & { IsRephrase: 0 | 1 }>(
      context,
      'session_turns',
      { ...eventTurnPieces(conditions, 'sessions', ''), ...topicsOfEvent(context) },
      { ...conditions.params, activeSince: activeSince(context) },
    ),
  ])
  const summary = summaries.get(id)
  if (summary === undefined) throw new QueryError('NOT_FOUND', 'there is no such session')
  const turns = rows.reverse()
  const explanations = await explain(
    context.project,
    turns.map((row) => row.Text),
  )
  return {
    ...summary,
    events: turns.map((row, i) => ({ ...toEvent(row), rephrase: row.IsRephrase === 1, why: toWhy(row, explanations[i]) })),
    other: { events: summary.events - turns.length },
  }
}

function toWhy(row: EventRow, explanation: Explanation | undefined): z.infer<typeof why> {
  const second = explanation === undefined || explanation.secondTopicId === 0n ? undefined : explanation
  return {
    similarity: clamp(explanation?.similarity ?? row.Similarity, -1, 1),
    outlier_score: Math.max(0, row.OutlierScore),
    second_topic_id: second === undefined ? null : toTopicId(second.secondTopicId),
    second_share: second === undefined ? null : clamp(second.secondShare, 0, 1),
    nearest: (explanation?.nearest ?? []).map(({ text, similarity, topicId }) => ({
      text,
      similarity: clamp(similarity, -1, 1),
      topic_id: toTopicId(topicId),
    })),
  }
}

/** Float32 dot products of unit vectors may leave their range by a rounding. */
function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
