/** The race: the same load on each contender, one after the other and round again; medians and ranges. */
import { setTimeout as delay } from 'node:timers/promises'
import { drive } from '../load/drive.ts'
import { type Encoding, type Profile, createLoad } from '../load/otlp-load.ts'
import { UsageWatch } from '../load/usage.ts'
import type { Contender } from './contenders.ts'

export interface Heat {
  readonly spansPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of all processes, until everything is stored. */
  readonly cpuPerMillion: number
  /** Of each process, the one that receives first. */
  readonly cpuOfEach: readonly number[]
  readonly peakMB: number
  readonly frontMB: number
  readonly refused: number
}

const connections = 8
const settleMs = 500

export type Start = (profile: Profile) => Promise<Contender>

/** One start, one load, one stop. The first second warms up and is not counted. */
export async function runHeat(start: Start, profile: Profile, encoding: Encoding, seconds: number): Promise<Heat> {
  const contender = await start(profile)
  try {
    const load = createLoad(profile, encoding, connections)
    const target = { url: `${contender.url}/v1/traces`, headers: load.headers, connections, next: load.next }
    const warmUp = await drive({ ...target, seconds: 1 })
    const warmedSpans = warmUp.requests * load.spansPerRequest
    await contender.stored(warmedSpans)
    const watch = new UsageWatch(contender.pids)
    const driven = await drive({ ...target, seconds })
    const spans = driven.requests * load.spansPerRequest
    await contender.stored(warmedSpans + spans)
    await delay(settleMs)
    const usage = watch.stop()
    const perMillion = (cpuSeconds: number): number => (cpuSeconds / spans) * 1e6
    return {
      spansPerSecond: spans / driven.seconds,
      p50Ms: driven.p50Ms,
      p99Ms: driven.p99Ms,
      cpuPerMillion: perMillion(usage.cpuSeconds.reduce((sum, cpu) => sum + cpu, 0)),
      cpuOfEach: usage.cpuSeconds.map(perMillion),
      peakMB: usage.sumPeakBytes / 1e6,
      frontMB: usage.peakBytes[0]! / 1e6,
      refused: driven.refused,
    }
  } finally {
    await contender.stop()
  }
}

/** One line of the table. */
export function describeHeats(heats: readonly Heat[]): string {
  const column = (of: (heat: Heat) => number, digits = 0): string => spread(heats.map(of), digits)
  return [
    column(({ spansPerSecond }) => spansPerSecond),
    `${column(({ p50Ms }) => p50Ms)} · ${column(({ p99Ms }) => p99Ms)}`,
    column(({ cpuPerMillion }) => cpuPerMillion, 1),
    heats[0]!.cpuOfEach.map((_, i) => median(heats.map(({ cpuOfEach }) => cpuOfEach[i]!)).toFixed(1)).join(' + '),
    column(({ peakMB }) => peakMB),
    column(({ frontMB }) => frontMB),
    String(heats.reduce((sum, { refused }) => sum + refused, 0)),
  ].join(' | ')
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}

/** Median (least–most). */
function spread(values: readonly number[], digits: number): string {
  const middle = median(values).toFixed(digits)
  return values.length === 1 ? middle : `${middle} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`
}
