/** GET /sessions/:id: one session as a transcript, with the topic of each turn and why. */
import { type SessionAnswer, type why } from './contract/sessions.ts'
import type { z } from 'zod'
import { type QueryContext, ask } from './context.ts'
import { type EventRow, toEvent, topicsOfEvent } from './event-rows.ts'
import { toConditions } from './filters.ts'
import { activeSince } from './journeys.ts'
import { QueryError } from './query-error.ts'
import { type TurnRow, isRephrase, toSessionSummary } from './session-path.ts'
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

const mostEvents = 1000 // the newest ones of a session that are shown

/** @throws QueryError NOT_FOUND */
export async function querySession(context: QueryContext, id: string, explain: Explain): Promise<SessionAnswer> {
  const conditions = toConditions({ session_id: [id] }, 'topic', context)
  const pieces = { where: conditions.where, ...topicsOfEvent(context) }
  // One more than is shown: it says whether there are more, and whether the first one shown is a rephrase.
  const rows = await ask<TurnRow>(context, 'session_turns', pieces, { ...conditions.params, limit: mostEvents + 1 })
  const [first, ...others] = rows.reverse()
  if (first === undefined) throw new QueryError('NOT_FOUND', 'there is no such session')
  const turns = [first, ...others] as const
  const isLong = turns.length > mostEvents
  const shown = isLong ? others : turns
  const [summary, explanations] = await Promise.all([
    isLong ? querySummaries(context, conditions, [id]).then((summaries) => summaries.get(id)) : undefined,
    explain(
      context.project,
      shown.map((row) => row.Text),
    ),
  ])
  const session = summary ?? toSessionSummary(turns, activeSince(context))
  const before = isLong ? turns : [undefined, ...turns]
  return {
    ...session,
    events: shown.map((row, i) => ({ ...toEvent(row), rephrase: isRephrase(row, before[i]), why: toWhy(row, explanations[i]) })),
    other: { events: Math.max(0, session.events - shown.length) },
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
