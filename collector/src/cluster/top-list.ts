/** The best few of many dot products. */
import type { DotKernel } from './dot-kernel.ts'

/** The best so far, best first; of equals the one that was offered first. */
export interface TopList {
  readonly ids: Int32Array
  readonly dots: Int32Array
  count: number
}

export function createTopList(size: number): TopList {
  return { ids: new Int32Array(size), dots: new Int32Array(size), count: 0 }
}

const chunkRows = 512 // what is above the worst of the best so far is looked up anew after so many
const noFloor = -0x80000000

/** Offers a query's products with the rows `from` (default 0) … n−1, all but the row `except`. */
export function offerRows(
  top: TopList,
  kernel: DotKernel,
  query: number,
  n: number,
  { from = 0, except = -1 }: { from?: number; except?: number } = {},
): void {
  const { scores, hits, capacity } = kernel
  const last = top.ids.length - 1
  const start = query * capacity
  for (let chunk = from - (from % 4); chunk < n; chunk += chunkRows) {
    const to = Math.min(n, chunk + chunkRows)
    const found = kernel.findAbove(query, chunk, to, top.count > last ? top.dots[last]! : noFloor)
    for (let h = 0; h < found; h += 1) {
      const group = hits[h]!
      for (let row = Math.max(from, group); row < Math.min(to, group + 4); row += 1)
        if (row !== except) offer(top, row, scores[start + row]!)
    }
  }
}

/** Offers one. */
export function offer(top: TopList, id: number, dot: number): void {
  const { ids, dots } = top
  let at = top.count
  if (at === ids.length) {
    at -= 1
    if (dots[at]! >= dot) return
  } else {
    top.count += 1
  }
  while (at > 0 && dots[at - 1]! < dot) {
    ids[at] = ids[at - 1]!
    dots[at] = dots[at - 1]!
    at -= 1
  }
  ids[at] = id
  dots[at] = dot
}
