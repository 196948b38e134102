/** Answers about fields and segments, comparisons, and the overview. */
import { z } from 'zod'
import { count, filters, level, levelFilter, share, time, timeInput, topicId, total } from './common.ts'

export const fieldKind = z.enum(['text', 'enum', 'number'])

export const field = z.object({
  field: z.string(),
  kind: fieldKind,
  override: fieldKind.nullable(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  events: count,
  values: z.array(z.object({ value: z.string(), events: count })).meta({ description: 'Enum fields: the most frequent values' }),
  other: z.object({ values: count, events: count }).optional(),
  range: z.object({ min: z.number(), max: z.number(), mean: z.number() }).optional(),
})

export const segmentsQuery = filters.extend({ limit: z.coerce.number().int().min(1).max(500).default(20) })
export const segmentsAnswer = z.object({
  fields: z.array(field),
  dimensions: z.array(z.object({ dimension: z.string(), events: count })),
  total,
})
export const fieldOverride = z.object({
  kind: fieldKind.nullable().meta({ description: '`text`, `enum` or `number`; null = as its values say' }),
})

/** One side of a comparison: its own filters. In the query string they are prefixed `a.` and `b.`. */
export const side = filters
export const compareQuery = z.object({
  level: level.default('topic'),
  a: side,
  b: side,
  limit: z.coerce.number().int().min(1).max(1000).default(50),
})

const difference = z.object({
  a: count,
  b: count,
  share_a: share,
  share_b: share,
  difference: z.number().min(-1).max(1),
  low: z.number().min(-1).max(1),
  high: z.number().min(-1).max(1),
  p_value: share,
  significant: z.boolean().meta({ description: 'After Benjamini–Hochberg at a false-discovery rate of 5 %' }),
})

export const compareAnswer = z.object({
  a: total,
  b: total,
  topics: z.array(difference.extend({ topic_id: topicId })),
  transitions: z.array(difference.extend({ from: topicId, to: topicId })),
  drop_offs: z.array(difference.extend({ topic_id: topicId })),
})

export const emergingAnswer = z.object({
  topics: z.array(
    z.object({
      topic_id: topicId,
      level,
      kind: z.enum(['born', 'spiking', 'fading']),
      events: count,
      expected: z.number().nonnegative(),
      score: z.number(),
      since: time,
    }),
  ),
})

export const overviewAnswer = z.object({
  version: z.string(),
  project: z.string(),
  total,
  topics: count,
  unclustered: count,
  pending_events: count,
  active_sessions: count,
  events_last_minute: count,
  last_event_at: time.nullable(),
  embedding: z.string(),
  /** Share of the letters of recent texts that the embedding knows, 0…1; absent where it cannot say. */
  known_share: z.number().optional(),
  /** Texts embedded anew while topics are carried over to another embedding; absent otherwise. */
  carry_over: z.object({ done: count, total: count }).optional(),
  last_run: z.object({ version: count, at: time, messages: count, topics: count, churn: z.number() }).nullable(),
  session_sources: z.array(z.object({ source: z.string(), events: count })),
})

export const runsAnswer = z.object({
  runs: z.array(
    z.object({
      version: count,
      at: time,
      messages: count,
      topics: count,
      gamma: z.number(),
      modularity: z.number(),
      silhouette: z.number(),
      churn: z.number(),
      duration_ms: z.number(),
      trigger: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
})

export const lineageAnswer = z.object({
  lineage: z.array(
    z.object({ at: time, version: count, level, kind: z.string(), from_id: topicId.nullable(), to_id: topicId.nullable(), mass: count }),
  ),
})

export const rangeQuery = z.object({ from: timeInput.optional(), to: timeInput.optional() })
export const emergingQuery = levelFilter

export type Field = z.infer<typeof field>
export type SegmentsAnswer = z.infer<typeof segmentsAnswer>
export type CompareAnswer = z.infer<typeof compareAnswer>
export type OverviewAnswer = z.infer<typeof overviewAnswer>
