/** A progress bar on a terminal, nothing elsewhere: long work is never silent, scripts never see control characters. */
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  advance(by: number): void
  stop(): void
}

/** @param unit what is counted, such as "events" */
export function createProgress(total: number, unit: string): Progress {
  if (!process.stderr.isTTY) return { advance() {}, stop() {} }
  const bar = new SingleBar(
    { format: ` {bar} {percentage}%  {value}/{total} ${unit}  {eta_formatted} left`, stream: process.stderr, hideCursor: true },
    Presets.shades_classic,
  )
  bar.start(total, 0)
  return { advance: (by) => bar.increment(by), stop: () => bar.stop() }
}
