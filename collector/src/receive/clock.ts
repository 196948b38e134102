/** Wall-clock time in Unix nanoseconds that never stands still and never goes back within a process. */
export function createNanoClock(nowMs: () => number = Date.now): () => bigint {
  let last = 0n
  return () => {
    const now = BigInt(Math.trunc(nowMs())) * 1_000_000n
    last = now > last ? now : last + 1n
    return last
  }
}
