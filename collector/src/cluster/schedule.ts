/** When runs are due: often while there is little, evenly later, more rarely when there is very much. */
import type { ClustererOptions } from './options.ts'

const growth = 1.3 // messages ÷ messages at the last run, while there are few
const leastPart = 200 // a run looks at every anchor: from 400,000 messages on it waits for a 200th more, so that a message costs no more

/** @param seen messages at the run that has just ended @returns messages at which the next one is due */
export function nextRunAt(seen: number, { firstRun, runInterval }: Pick<ClustererOptions, 'firstRun' | 'runInterval'>): number {
  const growing = Math.max(seen + firstRun, Math.floor(growth * seen))
  return Math.max(Math.min(growing, seen + runInterval), seen + Math.floor(seen / leastPart))
}
