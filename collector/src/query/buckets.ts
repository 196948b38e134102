/** Buckets of time for a trend: few enough to draw, on round borders. */
import type { Filters } from './contract/common.ts'
import { type Asking, type QueryContext, ask } from './context.ts'
import { toUnixMs } from './time.ts'

/** `count` buckets of `widthMs`, the first of which begins at `startMs` (unix). */
export interface Buckets {
  readonly startMs: number
  readonly widthMs: number
  readonly count: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const widths = [minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day, 7 * day, 30 * day, 90 * day, 365 * day]
const most = 60 // buckets: about what a sparkline or a small chart shows

/**
 * The narrowest buckets that need no more than 60 for the range.
 * @param leastMs narrower ones are not made
 */
export function toBuckets(fromMs: number, toMs: number, leastMs = minute): Buckets {
  const widthMs =
    widths.find((width) => width >= leastMs && (toMs - fromMs) / width <= most - 1) ?? Math.ceil((toMs - fromMs) / (most - 1) / day) * day
  const startMs = Math.floor(fromMs / widthMs) * widthMs
  return { startMs, widthMs, count: Math.max(1, Math.ceil((toMs - startMs) / widthMs)) }
}

/** A row of `time_range.sql`. */
interface TimeRange {
  readonly FirstMs: number
  readonly LastMs: number
  readonly Sessions: number
}

const manySessions = 10_000 // from so many on the range is dear to read, and seconds do not change it
const maxAgeMs = 10_000

/** From when to when there are events, by project. */
export class TimeRanges {
  private readonly kept = new Map<string, { readonly at: number; readonly range: TimeRange }>()

  async of(asking: Asking): Promise<TimeRange> {
    const now = performance.now()
    const kept = this.kept.get(asking.project)
    if (kept !== undefined && now - kept.at < maxAgeMs) return kept.range
    const range = (await ask<TimeRange>(asking, 'time_range'))[0]!
    if (range.Sessions >= manySessions) this.kept.set(asking.project, { at: now, range })
    return range
  }
}

/** Buckets for the filter's time range, or, where an end of it is open, for the time of which there are events. */
export async function chooseBuckets(context: QueryContext, { from, to }: Filters): Promise<Buckets> {
  const now = context.now.getTime()
  const range = from !== undefined && to !== undefined ? undefined : await context.ranges.of(context)
  const end = to !== undefined ? toUnixMs(to, context.now) : Math.min(now, (range?.LastMs ?? now) + 1)
  const start = from !== undefined ? toUnixMs(from, context.now) : (range?.FirstMs ?? end)
  return toBuckets(Math.min(start, end - 1), end, context.minUsers === 0 ? minute : hour)
}
