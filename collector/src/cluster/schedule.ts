/** When runs are due: often while there is little, evenly later. */
import type { ClustererOptions } from './options.ts'

const growth = 1.3 // messages ÷ messages at the last run, while there are few

/** @param seen messages at the run that has just ended @returns messages at which the next one is due */
export function nextRunAt(seen: number, { firstRun, runInterval }: Pick<ClustererOptions, 'firstRun' | 'runInterval'>): number {
  const growing = Math.max(seen + firstRun, Math.floor(growth * seen))
  return Math.min(growing, seen + runInterval)
}
