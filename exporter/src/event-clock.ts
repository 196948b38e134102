/** Times for events: the clock ticks in milliseconds, but events of one session must keep their order. */
import type { HrTime } from '@opentelemetry/api'

const billion = 1_000_000_000n
const maxLeadNanos = billion // further ahead of the clock means that somebody set it back

/**
 * A clock whose every reading is later than the one before, by a nanosecond if need be.
 * @param nowMs milliseconds since 1970; a parameter for tests
 * @returns a function giving [seconds, nanoseconds] since 1970
 */
export function createEventClock(nowMs: () => number = Date.now): () => HrTime {
  let last = 0n
  return () => {
    const now = BigInt(nowMs()) * 1_000_000n
    const isStale = last >= now && last - now < maxLeadNanos
    last = isStale ? last + 1n : now
    return [Number(last / billion), Number(last % billion)]
  }
}
