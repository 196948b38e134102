/** Whether something grows: a straight line through its lows. What is never let go raises the lowest; load and garbage only the highest. */
import type { Look } from './look.ts'

export interface Trend {
  readonly measure: keyof Look
  /** The lowest of the first looks, and of the last. */
  readonly first: number
  readonly last: number
  readonly mean: number
  readonly perMinute: number
  /** What the line gains from its start to its end. */
  readonly gain: number
}

const looksPerLow = 3
const noise = 0.1 // of the mean: what garbage collection and merges swing by within minutes
const smallest = 20 // megabytes, segments or descriptors: below it a share of the mean says nothing

/** Least squares. */
export function trendOf(measure: keyof Look, looks: readonly Look[]): Trend {
  const lows = toLows(measure, looks)
  const mean = (of: 'minute' | 'value'): number => lows.reduce((sum, low) => sum + low[of], 0) / lows.length
  const [meanMinute, meanValue] = [mean('minute'), mean('value')]
  const spread = lows.reduce((sum, { minute }) => sum + (minute - meanMinute) ** 2, 0)
  const perMinute = lows.reduce((sum, { minute, value }) => sum + (minute - meanMinute) * (value - meanValue), 0) / spread
  const [first, last] = [lows[0]!, lows.at(-1)!]
  return { measure, first: first.value, last: last.value, mean: meanValue, perMinute, gain: perMinute * (last.minute - first.minute) }
}

export function isFlat({ gain, mean }: Trend): boolean {
  return gain <= Math.max(smallest, noise * mean)
}

export function describeTrend({ measure, first, last, mean, perMinute }: Trend): string {
  return `${measure}, lows: ${first.toFixed(0)} → ${last.toFixed(0)}, mean ${mean.toFixed(0)}, ${perMinute >= 0 ? '+' : ''}${perMinute.toFixed(2)} a minute`
}

function toLows(measure: keyof Look, looks: readonly Look[]): { minute: number; value: number }[] {
  return Array.from({ length: Math.ceil(looks.length / looksPerLow) }, (_, i) => {
    const some = looks.slice(i * looksPerLow, (i + 1) * looksPerLow)
    return { minute: some[0]!.minute, value: Math.min(...some.map((look) => look[measure])) }
  })
}
