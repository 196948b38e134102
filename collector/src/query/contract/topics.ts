/** Answers about topics: what users talk about. */
import { z } from 'zod'
import { count, filters, level, levelFilter, share, time, topicId, total } from './common.ts'

export const topic = z.object({
  id: topicId,
  label: z.string(),
  description: z.string(),
  label_source: z.enum(['phrase', 'llm', 'user']),
  keyphrases: z.array(z.string()),
  level,
  parent_id: topicId.nullable(),
  events: count,
  sessions: count,
  users: count,
  share,
  trend: z.array(count).meta({ description: 'Events per bucket of the time range, oldest first' }),
  first_seen: time,
  last_seen: time,
  born_at: time,
  examples: z.array(z.string()),
  drop_off_rate: share.meta({ description: 'Ended sessions whose last step is this topic ÷ visits' }),
  rephrase_rate: share.meta({ description: 'Events that nearly repeat the one before ÷ events' }),
  error_rate: share,
  input_tokens: count,
  output_tokens: count,
  cost: z.number().nonnegative(),
  latency_ms: z.number().nonnegative().meta({ description: 'Mean of the events that carry a latency' }),
  sentiment: z.number().min(-1).max(1),
  hidden: z.boolean(),
  pinned: z.boolean(),
})

export const topicsQuery = levelFilter.extend({
  search: z.string().max(200).optional(),
  hidden: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
})

export const topicsAnswer = z.object({
  topics: z.array(topic),
  other: z.object({ topics: count, events: count }).optional().meta({ description: 'What `limit` cut off' }),
  unclustered: z.object({ events: count, sessions: count, users: count }),
  pending: z.object({ events: count, until: count }).meta({
    description: 'Before the first run: messages seen, and how many are needed until the first topics (0 = running)',
  }),
  buckets: z.array(time).meta({ description: 'Start of each trend bucket' }),
  total,
})

export const topicDetail = topic.extend({
  follow_ups: z.array(z.object({ topic_id: topicId, count, share, lift: z.number().nonnegative() })),
  predecessors: z.array(z.object({ topic_id: topicId, count, share })),
  segments: z.array(
    z.object({
      field: z.string(),
      value: z.string(),
      events: count,
      lift: z.number().nonnegative(),
      low: z.number().nonnegative(),
      high: z.number().nonnegative(),
    }),
  ),
  numbers: z
    .array(z.object({ field: z.string(), events: count, mean: z.number(), mean_of_all: z.number() }))
    .meta({ description: 'Number fields, scores of evaluations among them: the mean of the topic, and of all events of the filter' }),
  children: z.array(topicId),
  lineage: z.array(
    z.object({
      at: time,
      kind: z.enum(['born', 'split', 'merge', 'retired']),
      from_id: topicId.nullable(),
      to_id: topicId.nullable(),
      mass: count,
    }),
  ),
  redirected_from: topicId.nullable().meta({ description: 'The id that was asked for, when it now lives on in this topic' }),
})

export const topicQuery = filters

export type Topic = z.infer<typeof topic>
export type TopicsAnswer = z.infer<typeof topicsAnswer>
export type TopicDetail = z.infer<typeof topicDetail>
