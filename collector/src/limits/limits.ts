/** What one API key may send: items a second, and events a month. */
import { CollectorError } from '../errors.ts'
import type { Caller } from '../keys/keys.ts'
import { type Rate, TokenBuckets } from './token-buckets.ts'
import type { Usage } from './usage.ts'

export interface Limits {
  /** @throws CollectorError RATE_LIMIT_EXCEEDED with the seconds after which another try makes sense */
  admit(caller: Caller): void
  /**
   * Counts what an admitted request brought.
   * @param items spans or log records
   */
  charge(caller: Caller, items: number, events: number): void
}

export function createLimits({ rate, usage }: { rate: Rate; usage: Usage }): Limits {
  const buckets = new TokenBuckets(rate)
  return {
    admit({ keyId, monthlyQuota }) {
      if (monthlyQuota > 0 && usage.of(keyId) >= monthlyQuota) {
        throw new CollectorError('RATE_LIMIT_EXCEEDED', `the API key ${keyId} has used up its ${monthlyQuota} events of this month`, {
          retryAfterSeconds: usage.secondsToNextMonth(),
        })
      }
      const waitSeconds = buckets.waitSeconds(keyId)
      if (waitSeconds === 0) return
      throw new CollectorError(
        'RATE_LIMIT_EXCEEDED',
        `more than ${rate.itemsPerSecond} spans or log records a second came with one API key`,
        {
          retryAfterSeconds: waitSeconds,
        },
      )
    },
    charge({ project, keyId }, items, events) {
      buckets.take(keyId, items)
      if (keyId !== '') usage.add({ project, keyId }, events)
    },
  }
}
