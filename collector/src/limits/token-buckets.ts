/** Holds each sender to a rate: one token bucket a key, in memory. */

export interface Rate {
  /** Items a second in the long run; 0 = no limit. */
  readonly itemsPerSecond: number
  /** Items that may come at once after a pause. */
  readonly burst: number
}

interface Bucket {
  /** Items that may come now; below 0 when the last request brought more than there was room for. */
  tokens: number
  filledAtMs: number
}

const maxKeys = 10_000 // far more keys than an installation has; a forgotten bucket is a full one

/**
 * A request is let in while its bucket holds anything, and pays afterwards: what it brings is only known once it is read.
 * Whoever brought too much waits until the debt is paid, so the rate holds over any longer time.
 */
export class TokenBuckets {
  private readonly rate: Rate
  private readonly nowMs: () => number
  private readonly buckets = new Map<string, Bucket>()

  /** @param nowMs a clock that never goes back */
  constructor(rate: Rate, nowMs: () => number = () => performance.now()) {
    this.rate = rate
    this.nowMs = nowMs
  }

  /** Seconds until the key may send again; 0 = now. */
  waitSeconds(key: string): number {
    if (this.rate.itemsPerSecond === 0) return 0
    const { tokens } = this.fill(key)
    return tokens > 0 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.rate.itemsPerSecond))
  }

  /** Takes what a request brought. */
  take(key: string, items: number): void {
    if (this.rate.itemsPerSecond > 0) this.fill(key).tokens -= items
  }

  private fill(key: string): Bucket {
    const { itemsPerSecond, burst } = this.rate
    const now = this.nowMs()
    const known = this.buckets.get(key)
    const bucket = known ?? { tokens: burst, filledAtMs: now }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAtMs) / 1000) * itemsPerSecond)
    bucket.filledAtMs = now
    if (known === undefined) {
      this.buckets.set(key, bucket)
      if (this.buckets.size > maxKeys) this.buckets.delete(this.buckets.keys().next().value!)
    }
    return bucket
  }
}
