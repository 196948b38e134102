import { describe, expect, it } from 'vitest'
import { TokenBuckets } from '../../src/limits/token-buckets.ts'

describe('token buckets', () => {
  it('lets a burst in, then holds the rate', () => {
    const { buckets, pass } = createBuckets({ itemsPerSecond: 10, burst: 50 })

    buckets.take('a', 50)

    expect(buckets.waitSeconds('a')).toBe(1)
    pass(1000)
    expect(buckets.waitSeconds('a')).toBe(0)
  })

  it('makes who brought too much wait until the debt is paid', () => {
    const { buckets, pass } = createBuckets({ itemsPerSecond: 10, burst: 50 })

    buckets.take('a', 150)

    expect(buckets.waitSeconds('a')).toBe(11)
    pass(10_000)
    expect(buckets.waitSeconds('a')).toBe(1)
    pass(1_000)
    expect(buckets.waitSeconds('a')).toBe(0)
  })

  it('holds each key to its own rate', () => {
    const { buckets } = createBuckets({ itemsPerSecond: 1, burst: 1 })

    buckets.take('a', 100)

    expect(buckets.waitSeconds('b')).toBe(0)
  })

  it('lets everything in when there is no rate', () => {
    const { buckets } = createBuckets({ itemsPerSecond: 0, burst: 1 })

    buckets.take('a', 1_000_000)

    expect(buckets.waitSeconds('a')).toBe(0)
  })

  it('never lets more in over a minute than rate and burst allow, whatever the size of requests', () => {
    for (const size of [1, 7, 60, 500]) {
      const { buckets, pass } = createBuckets({ itemsPerSecond: 10, burst: 50 })
      let taken = 0
      for (let ms = 0; ms < 60_000; ms += 10) {
        if (buckets.waitSeconds('a') === 0) {
          buckets.take('a', size)
          taken += size
        }
        pass(10)
      }

      expect(taken).toBeGreaterThan(550)
      expect(taken).toBeLessThanOrEqual(650 + size)
    }
  })
})

function createBuckets(rate: { itemsPerSecond: number; burst: number }): { buckets: TokenBuckets; pass: (ms: number) => void } {
  let now = 0
  return { buckets: new TokenBuckets(rate, () => now), pass: (ms) => void (now += ms) }
}
