/** The answer about the map: messages as points on a plane. */
import { z } from 'zod'
import { count, levelFilter, time, topicId } from './common.ts'

const most = 10_000 // landmarks are 8000

const place = z.object({ x: z.number(), y: z.number() })

export const mapQuery = levelFilter.extend({
  hidden: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(most).default(8000),
})

export const mapPoint = place.extend({
  topic_id: topicId,
  subtopic_id: topicId,
  theme_id: topicId,
  messages: count.meta({
    description: 'Messages it stands for: those of its own text, and its part of those of its topic whose texts have no place of their own',
  }),
  example: z.string().optional().meta({ description: 'One of them, cut at 200 characters; absent where texts are not stored' }),
})

export const mapAnswer = z.object({
  points: z.array(mapPoint).meta({ description: 'By messages, most first' }),
  topics: z
    .array(place.extend({ topic_id: topicId, label: z.string(), messages: count }))
    .meta({ description: 'The middle of every topic with points, at the level asked for, by messages, most first' }),
  other: z.object({ points: count, messages: count }).meta({
    description: 'What is not among the points: cut off by `limit`, of hidden topics, or of topics that came after the map was drawn',
  }),
  total: z.object({ points: count, messages: count }),
  drawn_at: time.nullable().meta({ description: 'null before the first topics' }),
})

export type MapAnswer = z.infer<typeof mapAnswer>
export type MapPoint = z.infer<typeof mapPoint>
