/** The best few of many dot products. */

/** The best so far, best first; of equals the one that was offered first. */
export interface TopList {
  readonly ids: Int32Array
  readonly dots: Int32Array
  count: number
}

export function createTopList(size: number): TopList {
  return { ids: new Int32Array(size), dots: new Int32Array(size), count: 0 }
}

/** Offers the products `dots[from]` … `dots[from + n − 1]` of the ids 0 … n−1, all but the id `except`. */
export function offerAll(top: TopList, dots: Int32Array, from: number, n: number, except = -1): void {
  const last = top.ids.length - 1
  let floor = top.count > last ? top.dots[last]! : -0x80000000
  for (let id = 0; id < n; id += 1) {
    const dot = dots[from + id]!
    if (dot <= floor || id === except) continue
    offer(top, id, dot)
    if (top.count > last) floor = top.dots[last]!
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
