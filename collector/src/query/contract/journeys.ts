/** Answers about journeys: how conversations flow over topics. */
import { z } from 'zod'
import { count, levelFilter, share, topicId, topicIds } from './common.ts'

export const journeysQuery = levelFilter.extend({
  depth: z.coerce.number().int().min(2).max(10).default(5),
  top: z.coerce.number().int().min(1).max(50).default(8).meta({ description: 'Topics shown per step of the flow; the rest is "other"' }),
  around: topicId.optional().meta({ description: 'Flow before and after this topic instead of from the start' }),
  limit: z.coerce.number().int().min(1).max(5000).default(100).meta({ description: 'Rows per list; what is cut is in `other`' }),
})

/** Steps of the flow; `topic_id` null is "Other": the topics beyond `top` of that step. */
const flow = z.object({
  steps: z.array(
    z.object({
      step: z.number().int().meta({ description: '1 = first step; with `around` 0 is the topic, negative steps come before it' }),
      nodes: z.array(z.object({ topic_id: topicId.nullable(), sessions: count, drop_offs: count, active: count })),
    }),
  ),
  links: z.array(
    z.object({
      step: z.number().int().meta({ description: 'Step of `from`' }),
      from: topicId.nullable(),
      to: topicId.nullable(),
      sessions: count,
    }),
  ),
})

export const journeysAnswer = z.object({
  sessions: count,
  active: count.meta({ description: 'Sessions whose silence is shorter than the idle time: not drop-offs' }),
  events: count,
  steps: count,
  topics: z.array(
    z.object({
      topic_id: topicId,
      visits: count.meta({ description: 'Steps on this topic = follow-ups + drop-offs + active' }),
      sessions: count,
      follow_ups: count,
      drop_offs: count,
      active: count,
      returns: count.meta({ description: 'Sessions that come back to the topic after another one' }),
      rephrases: count,
    }),
  ),
  starts: z.array(z.object({ topic_id: topicId, sessions: count, share })),
  follow_ups: z.array(
    z.object({
      from: topicId,
      to: topicId,
      count,
      sessions: count,
      share: share.meta({ description: 'Of the steps that leave `from` for another topic' }),
      lift: z.number().nonnegative().meta({ description: 'share ÷ share of `to` among all steps that follow any' }),
      median_seconds: z.number().nonnegative(),
    }),
  ),
  drop_offs: z.array(
    z.object({
      topic_id: topicId,
      sessions: count,
      rate: share.meta({ description: 'Of the visits of the topic' }),
      error_rate: share.meta({ description: 'Drop-offs whose last event failed' }),
      latency_ms: z.number().nonnegative(),
    }),
  ),
  back_and_forth: z.array(z.object({ a: topicId, b: topicId, sessions: count })),
  cycles: z.array(z.object({ path: z.array(topicId), sessions: count })),
  repeats: z.array(z.object({ topic_id: topicId, rephrases: count, sessions: count })),
  other: z.object({ starts: count, follow_ups: count, drop_offs: count, back_and_forth: count, cycles: count }).meta({
    description: 'Sessions (follow_ups: transitions) in the rows that `limit` cut off',
  }),
  flow,
})

export const funnelQuery = levelFilter.extend({
  steps: topicIds.pipe(z.array(topicId).min(2).max(10)),
  strict: z.stringbool().default(false).meta({ description: 'true: each step must follow the one before at once' }),
})

export const funnelAnswer = z.object({
  sessions: count,
  steps: z.array(z.object({ topic_id: topicId, sessions: count, share, median_seconds: z.number().nonnegative() })),
})

export type JourneysAnswer = z.infer<typeof journeysAnswer>
export type FunnelAnswer = z.infer<typeof funnelAnswer>
