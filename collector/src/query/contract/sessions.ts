/** Answers about sessions and their events: what is behind a number. */
import { z } from 'zod'
import { count, levelFilter, page, time, topicId, topicIds, total } from './common.ts'
import { journeysQuery } from './journeys.ts'

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
  'funnel',
])

/** A topic, or `other`: the topics beyond `top` at that step of the flow. */
const flowTopic = z.union([topicId, z.literal('other')])

export const sessionsQuery = levelFilter.extend(page.shape).extend({
  sort: sessionSort.default('last_activity'),
  order: z.enum(['asc', 'desc']).default('desc'),
  state: sessionState.optional(),
  journey: drillDown.optional(),
  at: flowTopic
    .optional()
    .meta({ description: 'With `journey`: the topic (from-topic of a follow-up, `a` of a pair); in the flow also `other`' }),
  next: flowTopic.optional().meta({ description: 'With `journey`: the second topic' }),
  step: z.coerce.number().int().min(-10).max(10).optional().meta({ description: 'With `journey=flow` or `funnel`: the step' }),
  end: z.enum(['drop_off', 'active']).optional().meta({ description: 'With `journey=flow`: only sessions that end at this step' }),
  path: topicIds
    .pipe(z.array(topicId).min(2).max(10))
    .optional()
    .meta({ description: 'With `journey=cycle`: the cycle; with `funnel`: its steps' }),
  strict: z.stringbool().default(false).meta({ description: 'With `journey=funnel`, as there' }),
  depth: journeysQuery.shape.depth.meta({ description: 'With `journey=flow`, as there' }),
  top: journeysQuery.shape.top.meta({ description: 'With `journey=flow`, as there: what `other` means depends on it' }),
  around: journeysQuery.shape.around.meta({ description: 'With `journey=flow`, as there' }),
  like: z.string().max(500).optional().meta({ description: 'Sessions whose path is most like that of this session id' }),
})

export const sessionsAnswer = z.object({ sessions: z.array(sessionSummary), next_cursor: z.string().nullable(), total })

export const why = z.object({
  reason: z.enum(['no_text', 'waiting', 'no_vector', 'few']).nullable().meta({
    description:
      'Why the text is in no topic: there is none, its turn has not come, the embedding has no vector for it, or its group has fewer than five messages',
  }),
  similarity: z.number().min(-1).max(1),
  outlier_score: z.number().nonnegative(),
  second_topic_id: topicId.nullable(),
  second_share: z.number().min(0).max(1).nullable(),
  nearest: z
    .array(z.object({ text: z.string(), similarity: z.number(), topic_id: topicId }))
    .meta({ description: 'Empty, like the second topic, when a running clustering would hold up the answer for more than half a second' }),
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
