/** Answers about sessions and their events: what is behind a number. */
import { z } from 'zod'
import { count, filters, levelFilter, page, time, topicId, total } from './common.ts'

export const sessionState = z.enum(['active', 'ended'])

export const sessionSummary = z.object({
  session_id: z.string(),
  session_source: z.string(),
  user_id: z.string(),
  users: count.meta({ description: 'Users seen in the session; more than one is worth a look' }),
  started_at: time,
  ended_at: time,
  state: sessionState,
  events: count,
  turns: count,
  topics: count,
  path: z.array(topicId).meta({ description: 'Topics in order, repeats collapsed; at most 50' }),
  errors: count,
  input_tokens: count,
  output_tokens: count,
  cost: z.number().nonnegative(),
  first_text: z.string(),
})

export const sessionSort = z.enum(['last_activity', 'turns', 'topics', 'errors', 'tokens', 'cost'])

/** What a journey number stands for: exactly the sessions behind it. */
export const drillDown = z.enum([
  'starts',
  'drop_offs',
  'active',
  'follow_ups',
  'back_and_forth',
  'visits',
  'returns',
  'rephrases',
  'cycle',
  'flow',
])

export const sessionsQuery = levelFilter.extend(page.shape).extend({
  sort: sessionSort.default('last_activity'),
  order: z.enum(['asc', 'desc']).default('desc'),
  state: sessionState.optional(),
  journey: drillDown.optional(),
  at: topicId.optional().meta({ description: 'With `journey`: the topic (from-topic of a follow-up, `a` of a pair)' }),
  to: filters.shape.to,
  next: topicId.optional().meta({ description: 'With `journey`: the second topic' }),
  step: z.coerce.number().int().min(1).max(10).optional().meta({ description: 'With `journey=flow`: the step' }),
  like: z.string().max(500).optional().meta({ description: 'Sessions whose path is most like that of this session id' }),
})

export const sessionsAnswer = z.object({ sessions: z.array(sessionSummary), next_cursor: z.string().nullable(), total })

export const why = z.object({
  similarity: z.number().min(-1).max(1),
  outlier_score: z.number().nonnegative(),
  second_topic_id: topicId.nullable(),
  second_share: z.number().min(0).max(1).nullable(),
  nearest: z.array(z.object({ text: z.string(), similarity: z.number(), topic_id: topicId })),
})

export const event = z.object({
  event_id: z.string(),
  session_id: z.string(),
  session_source: z.string(),
  user_id: z.string(),
  timestamp: time,
  name: z.string(),
  dimension: z.string(),
  text: z.string(),
  fields: z.record(z.string(), z.string()),
  topic_id: topicId,
  subtopic_id: topicId,
  theme_id: topicId,
  answer: z.string(),
  tools: z.array(z.string()),
  model: z.string(),
  input_tokens: count,
  output_tokens: count,
  cost: z.number().nonnegative(),
  latency_ms: z.number().nonnegative(),
  error: z.boolean(),
  status_message: z.string(),
  sentiment: z.number().min(-1).max(1),
  trace_id: z.string(),
  span_id: z.string(),
})

export const sessionAnswer = sessionSummary.extend({
  events: z.array(event.extend({ rephrase: z.boolean(), why })),
  other: z.object({ events: count }).optional().meta({ description: 'Events beyond the newest 1000' }),
})

export const eventsQuery = levelFilter.extend(page.shape)
export const eventsAnswer = z.object({ events: z.array(event), next_cursor: z.string().nullable(), total })

export type SessionSummary = z.infer<typeof sessionSummary>
export type SessionsAnswer = z.infer<typeof sessionsAnswer>
export type SessionAnswer = z.infer<typeof sessionAnswer>
export type Event = z.infer<typeof event>
export type EventsAnswer = z.infer<typeof eventsAnswer>
