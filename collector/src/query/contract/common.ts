/** The pieces that every answer of the query API is made of. */
import { z } from 'zod'

/** A 64-bit topic id as 16 lower-case hex digits. */
export const topicId = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'a topic id is 16 hex digits')
  .meta({ description: 'Topic id: 16 hex digits; "0000000000000000" is Unclustered', example: '9f86d081884c7d65' })

/** What a query shows for events that belong to no topic. */
export const unclusteredId = '0000000000000000'

export const time = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339', example: '2026-11-24T09:00:00.000Z' })
export const count = z.number().int().nonnegative()
export const share = z.number().min(0).max(1)
export const level = z.enum(['subtopic', 'topic', 'theme'])

/** Times may also be relative, as in Grafana: `now-7d`, `now`. */
const relativeTime = z.string().regex(/^now(-\d{1,6}(s|m|h|d|w|M|y))?$/, 'expected RFC 3339 or a relative time such as "now-7d"')
export const timeInput = z.union([time, relativeTime])

/** The values of a list parameter: repeated, or in one string with commas between (`\\,` is a comma inside a value). */
export function splitList(value: string | readonly string[]): string[] {
  const parts = typeof value === 'string' ? value.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ',')) : value
  return parts.filter((part) => part !== '')
}

/** A query parameter that may be repeated or comma-separated. */
const list = z
  .union([z.string(), z.array(z.string())])
  .transform(splitList)
  .pipe(z.array(z.string().max(1000)).max(500))

/** Topic ids, repeated or comma-separated. */
export const topicIds = z
  .union([z.string(), z.array(z.string())])
  .transform(splitList)
  .pipe(z.array(topicId))

/**
 * The filters of every read endpoint. `segment.<field>=v1,v2` picks values of an enum field, `range.<field>=min..max` a
 * range of a number field (either end may be empty); both are collected by the router into `segments` and `ranges`.
 */
export const filters = z.object({
  from: timeInput.optional(),
  to: timeInput.optional(),
  name: list.optional(),
  user_id: list.optional(),
  session_id: list.optional(),
  topic_id: topicIds.pipe(z.array(topicId).max(500)).optional(),
  dimension: z.string().max(200).optional(),
  segments: z.record(z.string(), z.array(z.string()).max(500)).optional(),
  ranges: z.record(z.string(), z.object({ min: z.number().optional(), max: z.number().optional() })).optional(),
})

export const levelFilter = filters.extend({ level: level.default('topic') })

/** Cursor pagination: `next_cursor` of one answer is the `cursor` of the next request. */
export const page = z.object({ limit: z.coerce.number().int().min(1).max(5000).default(100), cursor: z.string().max(500).optional() })

export const total = z.object({ events: count, sessions: count, users: count })

/** Every error answer of the query API. */
export const apiError = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.string(),
  faults: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})

export type Level = z.infer<typeof level>
export type Filters = z.infer<typeof filters>
export type ApiError = z.infer<typeof apiError>
export type Total = z.infer<typeof total>
