/** GET /emerging: topics that are new, that come up more than usual, or that fade. */
import type { z } from 'zod'
import { unclusteredId } from './contract/common.ts'
import type { emergingAnswer, emergingQuery } from './contract/segments.ts'
import { type QueryContext, ask } from './context.ts'
import { toConditions, turnPieces } from './filters.ts'
import { toTime, toUnixMs } from './time.ts'

type EmergingAnswer = z.input<typeof emergingAnswer>
type Emerging = EmergingAnswer['topics'][number]

/** A row of `emerging.sql`. */
interface EmergingRow {
  readonly Id: string
  readonly IsTotal: 0 | 1
  readonly Counts: number[]
  readonly FirstSeen: number
  readonly Before: number
}

const dayMs = 86_400_000
const earlierWindows = 14 // the same hours of two weeks: times of day compare with themselves, weekdays show in the dispersion
const bornWithinMs = 7 * dayMs // a topic younger than this is new
const leastBornEvents = 5 // below it a topic is a handful of messages
const leastHistory = 100 // events before the window; in a project younger than that everything is new
const leastEvents = 20 // of a spike, or expected of a topic that fades
const leastFactor = 2 // a change that a person would call one
const leastScore = 4 // standard deviations: with 100 topics, one false alarm in some 300 looks even if that were all

/**
 * Compares the time range of the filter (default: the last 24 hours) with the same hours of the days before.
 * A topic's share of all events is what is expected to last, so that more traffic alone raises no alarm.
 */
export async function queryEmerging(context: QueryContext, query: z.output<typeof emergingQuery>): Promise<EmergingAnswer> {
  const windowEnd = query.to === undefined ? context.now.getTime() : toUnixMs(query.to, context.now)
  const start = query.from === undefined ? windowEnd - dayMs : toUnixMs(query.from, context.now)
  const windowMs = Math.max(1, windowEnd - start)
  const stepMs = Math.ceil(windowMs / dayMs) * dayMs
  const conditions = toConditions({ ...query, from: undefined, to: undefined, topic_id: undefined }, query.level, context)
  const rows = await ask<EmergingRow>(
    context,
    'emerging',
    { ...turnPieces(conditions, { topicsPick: 'turns', arrays: ['AnchorIds', 'ArrivalTopicIds'] }), windows: String(earlierWindows) },
    { ...conditions.params, windowEnd, windowMs, stepMs },
  )
  const all = rows.find((row) => row.IsTotal === 1)
  if (all === undefined || all.Before < leastHistory) return { topics: [] }
  const wanted = query.topic_id?.length ? new Set(query.topic_id.map((id) => context.topics.resolve(id))) : undefined
  const topics = rows
    .filter((row) => row.IsTotal === 0 && row.Id !== unclusteredId && (wanted?.has(row.Id) ?? true))
    .flatMap((row) =>
      judge(row, all, { windowEnd, windowMs }).map((verdict): Emerging => ({ topic_id: row.Id, level: query.level, ...verdict })),
    )
  return { topics: topics.sort((a, b) => Math.abs(b.score) - Math.abs(a.score)) }
}

function judge(
  row: EmergingRow,
  all: EmergingRow,
  window: { windowEnd: number; windowMs: number },
): Omit<Emerging, 'topic_id' | 'level'>[] {
  const events = row.Counts[0] ?? 0
  const { expected, score } = expect(row.Counts, all.Counts)
  const start = window.windowEnd - window.windowMs
  const figures = { events, expected, score }
  if (row.FirstSeen >= Math.min(start, window.windowEnd - bornWithinMs) && row.FirstSeen > all.FirstSeen + bornWithinMs) {
    return events >= leastBornEvents ? [{ kind: 'born', ...figures, since: toTime(row.FirstSeen) }] : []
  }
  if (score >= leastScore && events >= leastEvents && events >= leastFactor * expected)
    return [{ kind: 'spiking', ...figures, since: toTime(start) }]
  if (score <= -leastScore && expected >= leastEvents && events * leastFactor <= expected)
    return [{ kind: 'fading', ...figures, since: toTime(start) }]
  return []
}

/**
 * What the earlier windows let expect of the first one.
 * @param counts of one topic and of all topics, the present window first
 * @returns the score in standard deviations: a Poisson count's, widened by how much the earlier windows scattered
 */
function expect(counts: readonly number[], all: readonly number[]): { expected: number; score: number } {
  const earlier = all
    .map((total, k) => ({ total, count: counts[k] ?? 0 }))
    .slice(1)
    .filter(({ total }) => total > 0)
  const history = sum(earlier.map(({ total }) => total))
  if (history === 0) return { expected: 0, score: 0 }
  const usual = sum(earlier.map(({ count }) => count)) / history
  const scatter = sum(earlier.map(({ total, count }) => (count - usual * total) ** 2 / Math.max(usual * total, 1)))
  const dispersion = Math.max(1, earlier.length > 1 ? scatter / (earlier.length - 1) : 1)
  const expected = usual * (all[0] ?? 0)
  const uncertainty = 1 + (all[0] ?? 0) / history // the usual share is itself an estimate
  return { expected, score: ((counts[0] ?? 0) - expected) / Math.sqrt(dispersion * uncertainty * Math.max(expected, 1)) }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
