/** GET /sessions/:id: one session as a transcript, with the topic of each turn and why. */
import { setTimeout as delay } from 'node:timers/promises'
import { unclusteredId } from './contract/common.ts'
import { type SessionAnswer, type why } from './contract/sessions.ts'
import type { z } from 'zod'
import { type QueryContext, ask } from './context.ts'
import { toEvent, topicsOfEvent } from './event-rows.ts'
import { toConditions } from './filters.ts'
import { activeSince } from './journeys.ts'
import { QueryError } from './query-error.ts'
import { type TurnRow, isRephrase, toSessionSummary } from './session-path.ts'
import { querySummaries } from './sessions.ts'
import { toTopicId } from './topic-id.ts'
import { noVectorSimilarity } from '../topics/no-vector.ts'

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
const explainMs = 500 // while a clustering runs nobody explains; a reader does not wait for it

/** @throws QueryError NOT_FOUND */
export async function querySession(context: QueryContext, id: string, explain: Explain): Promise<SessionAnswer> {
  const conditions = toConditions({ session_id: [id] }, 'topic', context)
  const topics = topicsOfEvent(context)
  const pieces = { where: conditions.where, ...topics.pieces }
  // One more than is shown: it says whether there are more, and whether the first one shown is a rephrase.
  const rows = await ask<TurnRow>(context, 'session_turns', pieces, { ...topics.params, ...conditions.params, limit: mostEvents + 1 })
  const [first, ...others] = rows.reverse()
  if (first === undefined) throw new QueryError('NOT_FOUND', 'there is no such session')
  const turns = [first, ...others] as const
  const isLong = turns.length > mostEvents
  const shown = isLong ? others : turns
  const [summary, explanations] = await Promise.all([
    isLong ? querySummaries(context, conditions, [id]).then((summaries) => summaries.get(id)) : undefined,
    inTime(
      explain(
        context.project,
        shown.map((row) => row.Text),
      ),
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

/** Without explanations where they take too long: what is stored with the events says how similar they are. */
async function inTime(explaining: ReturnType<Explain>): ReturnType<Explain> {
  const done = new AbortController()
  try {
    return await Promise.race([explaining, delay(explainMs, [], { signal: done.signal })])
  } finally {
    done.abort()
  }
}

function toWhy(row: TurnRow, explanation: Explanation | undefined): z.infer<typeof why> {
  const second = explanation === undefined || explanation.secondTopicId === 0n ? undefined : explanation
  return {
    reason: reasonOf(row),
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

/** Why a text is in no topic. */
function reasonOf({ TopicId, Hash, Anchor, Similarity }: TurnRow): z.infer<typeof why>['reason'] {
  if (TopicId !== unclusteredId) return null
  if (Hash === '0') return 'no_text'
  if (Anchor === '0') return 'waiting'
  return Similarity === noVectorSimilarity ? 'no_vector' : 'few'
}

/** Float32 dot products of unit vectors may leave their range by a rounding. */
function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
