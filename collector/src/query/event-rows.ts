/** Events as the API shows them. */
import type { Level } from './contract/common.ts'
import type { Event } from './contract/sessions.ts'
import type { QueryContext } from './context.ts'
import { type Conditions, toConditions } from './filters.ts'
import type { Pieces } from './sql.ts'
import { toTime } from './time.ts'

/** The columns of `fragment_event.sql`. */
export interface EventRow {
  readonly EventId: string
  readonly SessionId: string
  readonly SessionSource: string
  readonly UserId: string
  readonly At: number
  readonly Name: string
  readonly Dimension: string
  readonly Text: string
  readonly Fields: Record<string, string>
  readonly TopicId: string
  readonly SubtopicId: string
  readonly ThemeId: string
  readonly Similarity: number
  readonly OutlierScore: number
  readonly Answer: string
  readonly Tools: string[]
  readonly Model: string
  readonly InputTokens: number
  readonly OutputTokens: number
  readonly Cost: number
  readonly LatencyMs: number
  readonly IsError: 0 | 1
  readonly StatusMessage: string
  readonly Sentiment: number
  readonly TraceId: string
  readonly SpanId: string
}

/** The pieces that `fragment_event.sql` needs, an event's topic on each level, and the parameters that these name. */
export function topicsOfEvent(context: QueryContext): { readonly pieces: Pieces; readonly params: Conditions['params'] } {
  const at = (level: Level): Conditions => toConditions({}, level, context)
  const [topic, subtopic, theme] = [at('topic'), at('subtopic'), at('theme')]
  return {
    pieces: { topicOfEvent: topic.topic, subtopicOfEvent: subtopic.topic, themeOfEvent: theme.topic },
    params: { ...topic.params, ...subtopic.params, ...theme.params },
  }
}

export function toEvent(row: EventRow): Event {
  return {
    event_id: row.EventId,
    session_id: row.SessionId,
    session_source: row.SessionSource,
    user_id: row.UserId,
    timestamp: toTime(row.At),
    name: row.Name,
    dimension: row.Dimension,
    text: row.Text,
    fields: row.Fields,
    topic_id: row.TopicId,
    subtopic_id: row.SubtopicId,
    theme_id: row.ThemeId,
    answer: row.Answer,
    tools: row.Tools,
    model: row.Model,
    input_tokens: row.InputTokens,
    output_tokens: row.OutputTokens,
    cost: row.Cost,
    latency_ms: row.LatencyMs,
    error: row.IsError === 1,
    status_message: row.StatusMessage,
    sentiment: row.Sentiment,
    trace_id: row.TraceId,
    span_id: row.SpanId,
  }
}
