/** Long loops in short pieces, so that requests are answered in between. */
import { setImmediate as nextTurn } from 'node:timers/promises'

const pieceMs = 5 // a whole segment at once would hold up every acknowledgement for a tenth of a second and more

/** What `work` makes of one slice of `items` after the other. */
export async function inSlices<T, R>(
  items: readonly T[],
  size: number,
  work: (slice: readonly T[], start: number) => readonly R[],
): Promise<R[]> {
  const results: R[] = []
  let turnedAt = performance.now()
  for (let start = 0; start < items.length; start += size) {
    for (const result of work(items.slice(start, start + size), start)) results.push(result)
    if (performance.now() - turnedAt < pieceMs) continue
    await nextTurn()
    turnedAt = performance.now()
  }
  return results
}
