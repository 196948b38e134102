/** The anchors that take part in clustering: their vectors, masses and nearest neighbours, in slots 0 … count−1. */
import { createDotKernel, type DotKernel, unit } from './dot-kernel.ts'
import { clearList, compactLists, createNeighborLists, insertNeighbor, listWidth, type NeighborLists } from './neighbor-lists.ts'
import { blockRows } from './options.ts'
import { centreRow } from './quantize.ts'
import { createTopList, offerRows, type TopList } from './top-list.ts'

const stillMean = 0.02 // length by which a mean may be off: that of 8000 random unit vectors is by about .01

/** What `append` needs to know. */
export interface NewLandmark {
  /** Holds the vector as it came, from `rawAt` on. */
  readonly raw: Int16Array
  readonly rawAt: number
  readonly anchor: number
  readonly run: number
  /** The search that found it new, with `listWidth` places. */
  readonly nearest: TopList
  /** Its number among the kernel's queries, which were multiplied with the slots 0 … known−1. */
  readonly query: number
  /** Slots that were searched; later ones are made to know it by `link`. */
  readonly known: number
}

/** Grows by doubling; every slot-indexed array is as long as `capacity`. */
export class Landmarks {
  readonly dimensions: number
  count = 0
  capacity = 0
  /** What was taken from the raw vectors before they were compared, in int16 units; all zero until there is an estimate. */
  readonly mean: Float64Array
  /** Vectors as they came, shape (capacity, stride). */
  raw: Int16Array
  /** Index of the slot's anchor. */
  anchors: Int32Array
  /** Messages that stand behind the landmark, evicted neighbours' included. */
  mass: Float64Array
  /** Number of the run before which it arrived: landmarks that no run has seen have the current one. */
  arrivedRun: Int32Array
  lists: NeighborLists
  /** Holds the centred vectors as rows; searches use its queries. */
  kernel: DotKernel

  constructor(dimensions: number) {
    this.dimensions = dimensions
    this.mean = new Float64Array(dimensions)
    this.raw = new Int16Array(0)
    this.anchors = new Int32Array(0)
    this.mass = new Float64Array(0)
    this.arrivedRun = new Int32Array(0)
    this.kernel = createDotKernel({ dimensions, rows: 0 })
    this.lists = createNeighborLists(0, this.kernel.floors)
    this.reserve(blockRows * 4)
  }

  /** Makes room for `capacity` landmarks. */
  reserve(capacity: number): void {
    if (capacity <= this.capacity) return
    const size = Math.max(capacity, this.capacity * 2)
    const kernel = createDotKernel({ dimensions: this.dimensions, rows: size })
    kernel.rows.set(this.kernel.rows.subarray(0, this.count * kernel.stride))
    kernel.queries.set(this.kernel.queries)
    const lists = createNeighborLists(size, kernel.floors)
    lists.ids.set(this.lists.ids)
    lists.dots.set(this.lists.dots)
    lists.counts.set(this.lists.counts)
    lists.floors.set(this.lists.floors.subarray(0, this.count))
    this.raw = extended(new Int16Array(size * kernel.stride), this.raw)
    this.anchors = extended(new Int32Array(size), this.anchors)
    this.mass = extended(new Float64Array(size), this.mass)
    this.arrivedRun = extended(new Int32Array(size), this.arrivedRun)
    this.lists = lists
    this.kernel = kernel
    this.capacity = size
  }

  /** Adds a landmark whose centred vector already stands in the kernel's row `count`. @returns its slot */
  append({ raw, rawAt, anchor, run, nearest, query, known }: NewLandmark): number {
    const { kernel, lists } = this
    const slot = this.count
    this.raw.set(raw.subarray(rawAt, rawAt + kernel.stride), slot * kernel.stride)
    this.anchors[slot] = anchor
    this.mass[slot] = 1
    this.arrivedRun[slot] = run
    clearList(lists, slot)
    for (let k = 0; k < nearest.count; k += 1) insertNeighbor(lists, slot, nearest.ids[k]!, nearest.dots[k]!)
    this.tellOthers(query, 0, known, slot)
    this.count = slot + 1
    return slot
  }

  /** Makes the slots `from` ≤ other < `to` know a slot whose products with them are those of a query. */
  private tellOthers(query: number, from: number, to: number, slot: number): void {
    const { kernel, lists } = this
    const { scores, hits, floors, capacity } = kernel
    const found = kernel.findAbove(query, from - (from % 4), to)
    for (let h = 0; h < found; h += 1) {
      const first = hits[h]!
      for (let other = Math.max(from, first); other < Math.min(to, first + 4); other += 1) {
        const dot = scores[query * capacity + other]!
        if (dot > floors[other]!) insertNeighbor(lists, other, slot, dot)
      }
    }
  }

  /** Makes an earlier landmark know a later one. */
  link(earlier: number, later: number, dot: number): void {
    if (dot > this.lists.floors[earlier]!) insertNeighbor(this.lists, earlier, later, dot)
  }

  /** Removes landmarks and closes the gaps. @param newSlots shape (count): −1 for the evicted, else rising from 0 */
  compact(newSlots: Int32Array): void {
    const { stride, rows } = this.kernel
    compactLists(this.lists, newSlots)
    let kept = 0
    for (let slot = 0; slot < newSlots.length; slot += 1) {
      const to = newSlots[slot]!
      if (to < 0) continue
      rows.copyWithin(to * stride, slot * stride, (slot + 1) * stride)
      this.raw.copyWithin(to * stride, slot * stride, (slot + 1) * stride)
      this.anchors[to] = this.anchors[slot]!
      this.mass[to] = this.mass[slot]!
      this.arrivedRun[to] = this.arrivedRun[slot]!
      kept += 1
    }
    this.count = kept
  }

  /** Searches anew for the lists that know fewer than `wanted` neighbours. */
  repairLists(wanted: number): void {
    const { counts } = this.lists
    const short: number[] = []
    for (let slot = 0; slot < this.count; slot += 1) {
      if (counts[slot]! < Math.min(wanted, this.count - 1)) short.push(slot)
    }
    this.searchSlots(short, (slot, query) => {
      const top = createTopList(listWidth)
      offerRows(top, this.kernel, query, this.count, { except: slot })
      clearList(this.lists, slot)
      for (let k = 0; k < top.count; k += 1) insertNeighbor(this.lists, slot, top.ids[k]!, top.dots[k]!)
    })
  }

  /** Takes the mean of all landmarks from all vectors and finds all neighbours anew, unless the mean is where it was. */
  recentre(): void {
    const mean = this.rawMean()
    const shift = Math.hypot(...mean.map((value, i) => value - this.mean[i]!)) / unit
    if (shift < stillMean) return
    this.mean.set(mean)
    this.relist()
  }

  /** The mean of the vectors as they came, shape (dimensions), in int16 units. */
  rawMean(): Float64Array {
    const { raw, kernel, count, dimensions } = this
    const sum = new Float64Array(dimensions)
    for (let slot = 0; slot < count; slot += 1) {
      const from = slot * kernel.stride
      for (let i = 0; i < dimensions; i += 1) sum[i] = sum[i]! + raw[from + i]!
    }
    return sum.map((value) => value / count)
  }

  /** Computes the centred vectors and all neighbours from the raw vectors and the mean. */
  relist(): void {
    this.centreRows()
    this.rebuildLists()
  }

  /** Mean dot product of two different landmarks: about 0 when the mean is taken out. */
  meanDot(): number {
    const { count, dimensions, kernel } = this
    if (count < 2) return 0
    const sum = new Float64Array(dimensions)
    for (let slot = 0; slot < count; slot += 1) {
      const from = slot * kernel.stride
      for (let i = 0; i < dimensions; i += 1) sum[i] = sum[i]! + kernel.rows[from + i]!
    }
    const all = sum.reduce((squares, value) => squares + value * value, 0)
    return (all - count * unit * unit) / (count * (count - 1))
  }

  /** Computes the kernel's rows from the raw vectors and the mean. */
  centreRows(): void {
    const { stride, rows } = this.kernel
    for (let slot = 0; slot < this.count; slot += 1) centreRow(this.raw, slot * stride, this.mean, rows, slot * stride)
  }

  /** Compares every pair once. */
  private rebuildLists(): void {
    const { kernel, lists, count } = this
    for (let slot = 0; slot < count; slot += 1) clearList(lists, slot)
    for (let first = 0; first < count; first += blockRows) {
      const size = Math.min(blockRows, count - first)
      kernel.queries.set(kernel.rows.subarray(first * kernel.stride, (first + size) * kernel.stride))
      kernel.dots(size, first, count)
      for (let q = 0; q < size; q += 1) {
        const slot = first + q
        const top = createTopList(listWidth)
        offerRows(top, kernel, q, count, { from: slot + 1 })
        for (let k = 0; k < top.count; k += 1) this.link(slot, top.ids[k]!, top.dots[k]!)
        this.tellOthers(q, slot + 1, count, slot)
      }
    }
  }

  /** Multiplies the given landmarks with all and hands over each one's number among the kernel's queries. */
  searchSlots(slots: readonly number[], use: (slot: number, query: number) => void): void {
    const { kernel } = this
    for (let first = 0; first < slots.length; first += blockRows) {
      const block = slots.slice(first, first + blockRows)
      block.forEach((slot, q) => {
        kernel.queries.set(kernel.rows.subarray(slot * kernel.stride, (slot + 1) * kernel.stride), q * kernel.stride)
      })
      kernel.dots(block.length, 0, this.count)
      block.forEach(use)
    }
  }
}

function extended<T extends Int16Array | Int32Array | Float64Array>(larger: T, values: T): T {
  larger.set(values)
  return larger
}
