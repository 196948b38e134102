/** Refuses new data while the process holds too much memory, as the Collector's memory_limiter does. */
import { totalmem } from 'node:os'
import { CollectorError } from '../errors.ts'

export interface MemoryLimiterOptions {
  readonly checkIntervalMs: number
  readonly limitMib: number
  readonly spikeLimitMib: number
  readonly limitPercentage: number
  readonly spikeLimitPercentage: number
}

const MiB = 1024 * 1024

/** Measures resident memory at an interval; between two measurements its answer stands. */
export class MemoryLimiter {
  private readonly softLimitBytes: number
  private readonly checkIntervalMs: number
  private readonly readMemory: () => number
  private timer: NodeJS.Timeout | undefined
  private isOver = false

  /** @param readMemory resident bytes of the process; tests pass their own */
  constructor(options: MemoryLimiterOptions, readMemory: () => number = () => process.memoryUsage.rss()) {
    const limit = options.limitMib > 0 ? options.limitMib * MiB : (totalmem() * options.limitPercentage) / 100
    const spike =
      options.spikeLimitMib > 0
        ? options.spikeLimitMib * MiB
        : options.spikeLimitPercentage > 0
          ? (totalmem() * options.spikeLimitPercentage) / 100
          : limit / 5
    this.softLimitBytes = limit - spike
    this.checkIntervalMs = options.checkIntervalMs
    this.readMemory = readMemory
  }

  start(): void {
    this.timer = setInterval(() => (this.isOver = this.readMemory() > this.softLimitBytes), this.checkIntervalMs).unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** @throws CollectorError MEMORY_LIMIT while memory is over the limit */
  check(): void {
    if (this.isOver) throw new CollectorError('MEMORY_LIMIT', 'the collector is short of memory, try again later', { retryAfterSeconds: 2 })
  }
}
