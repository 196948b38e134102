/** A session's steps and figures from its events: for one session what `fragment_paths.sql` and `sessions.sql` do for many. */
import type { SessionSummary } from './contract/sessions.ts'
import type { EventRow } from './event-rows.ts'
import { toTime } from './time.ts'

/** A row of `session_turns.sql`. */
export interface TurnRow extends EventRow {
  /** 64-bit numbers as text; `0` = none. */
  readonly Anchor: string
  readonly Hash: string
}

const longestPath = 50 // topics that a summary lists
const firstTextLength = 200 // characters

/** True for a turn that says the same as the turn before it in one step: same anchor or same text. */
export function isRephrase(turn: TurnRow, before: TurnRow | undefined): boolean {
  if (before === undefined || turn.TopicId !== before.TopicId) return false
  return (turn.Anchor === before.Anchor && turn.Anchor !== '0') || (turn.Hash === before.Hash && turn.Hash !== '0')
}

/**
 * @param turns all events of one session in order; at least one
 * @param activeSince unix ms: a session whose last event is younger has not ended
 */
export function toSessionSummary(turns: readonly [TurnRow, ...TurnRow[]], activeSince: number): SessionSummary {
  const [first] = turns
  const last = turns.at(-1) ?? first
  const path = turns.map((turn) => turn.TopicId).filter((topic, i) => topic !== turns[i - 1]?.TopicId)
  const users = turns.map((turn) => turn.UserId).filter((user) => user !== '')
  const sum = (value: (turn: TurnRow) => number): number => turns.reduce((total, turn) => total + value(turn), 0)
  return {
    session_id: first.SessionId,
    session_source: first.SessionSource,
    user_id: users[0] ?? '',
    users: new Set(users).size,
    started_at: toTime(first.At),
    ended_at: toTime(last.At),
    state: last.At > activeSince ? 'active' : 'ended',
    events: turns.length,
    turns: turns.filter((turn) => turn.Hash !== '0').length,
    topics: new Set(path).size,
    path: path.slice(0, longestPath),
    errors: sum((turn) => turn.IsError),
    input_tokens: sum((turn) => turn.InputTokens),
    output_tokens: sum((turn) => turn.OutputTokens),
    cost: sum((turn) => turn.Cost),
    first_text: Array.from(first.Text.slice(0, 2 * firstTextLength))
      .slice(0, firstTextLength)
      .join(''),
  }
}
