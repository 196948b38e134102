/**
 * The nearest landmarks of every landmark, kept while landmarks come and go.
 *
 * A list holds the exact nearest ones of now, best first, but may hold fewer than fit: an eviction takes neighbours out of it,
 * and which landmark would come next is not known without a search. It is `whole` when it holds all others there are.
 */

/** More than the graph needs, so that a list survives evictions without a search. */
export const listWidth = 32

/** The floor of a list that takes all: every product is above it. */
export const openFloor = -0x80000000

export interface NeighborLists {
  /** Slots of the neighbours, shape (capacity, listWidth). */
  readonly ids: Int32Array
  /** Their dot products, falling, same shape. */
  readonly dots: Int32Array
  /** How many are known, shape (capacity). */
  readonly counts: Int32Array
  /** A landmark enters list i if its dot product is above floors[i]; a whole list with room takes all. */
  readonly floors: Int32Array
}

/** @param floors shape (capacity), whoever keeps it */
export function createNeighborLists(capacity: number, floors: Int32Array): NeighborLists {
  return {
    ids: new Int32Array(capacity * listWidth),
    dots: new Int32Array(capacity * listWidth),
    counts: new Int32Array(capacity),
    floors: floors.fill(openFloor),
  }
}

/** Empties list i: it is whole, as if landmark i were alone. */
export function clearList(lists: NeighborLists, i: number): void {
  lists.counts[i] = 0
  lists.floors[i] = openFloor
}

/** Puts landmark `id` into list i; the caller has checked that `dot` is above its floor. */
export function insertNeighbor(lists: NeighborLists, i: number, id: number, dot: number): void {
  const { ids, dots, counts, floors } = lists
  const start = i * listWidth
  const count = counts[i]!
  let at = start + Math.min(count, listWidth - 1)
  while (at > start && dots[at - 1]! < dot) {
    ids[at] = ids[at - 1]!
    dots[at] = dots[at - 1]!
    at -= 1
  }
  ids[at] = id
  dots[at] = dot
  if (count < listWidth) counts[i] = count + 1
  if (count >= listWidth - 1) floors[i] = dots[start + listWidth - 1]!
  else if (floors[i] !== openFloor) floors[i] = dots[start + count]!
}

/**
 * Takes the evicted landmarks out and renames and moves the rest: landmark i becomes newSlots[i], which is never above i.
 * @param newSlots shape (n): −1 for the evicted
 */
export function compactLists(lists: NeighborLists, newSlots: Int32Array): void {
  const { ids, dots, counts, floors } = lists
  for (let i = 0; i < newSlots.length; i += 1) {
    const slot = newSlots[i]!
    if (slot < 0) continue
    const from = i * listWidth
    const start = slot * listWidth
    let count = 0
    for (let k = 0; k < counts[i]!; k += 1) {
      const id = newSlots[ids[from + k]!]!
      if (id < 0) continue
      ids[start + count] = id
      dots[start + count] = dots[from + k]!
      count += 1
    }
    counts[slot] = count
    const whole = floors[i] === openFloor
    if (whole) floors[slot] = openFloor
    else floors[slot] = count === 0 ? 0x7fffffff : dots[start + count - 1]!
  }
}
