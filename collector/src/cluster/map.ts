/** The map: a place on a plane for every landmark, where like texts lie together, and which stays put from one run to the next. */
import { type Graph, neighborGraph } from './graph.ts'
import { coldLayout, layOutGraph, warmLayout } from './layout.ts'
import { principalPlane } from './principal-plane.ts'
import { createRandom } from './random.ts'
import type { State } from './state.ts'

/** What a map is made of: copies, which may go to another thread. Landmark i is entry i. */
export interface MapSource {
  readonly anchorIds: BigUint64Array
  readonly graph: Graph
  /** Centred vectors, shape (landmarks, stride), int16. */
  readonly rows: Int16Array
  readonly stride: number
}

/** A finished map. One unit is about the distance of near neighbours. */
export interface MapPlaces {
  readonly anchorIds: BigUint64Array
  readonly xs: Float32Array
  readonly ys: Float32Array
}

const startWidth = 4 // units; the layout widens it
const fewestKnown = 0.5 // share of landmarks that must have a place, or the map is drawn anew
const everyPair = -0x80000000 // texts without anything alike get a place, too

export function mapSource({ landmarks, anchors, options }: State): MapSource {
  const { count, kernel } = landmarks
  return {
    anchorIds: BigUint64Array.from(landmarks.anchors.subarray(0, count), (anchor) => anchors.ids[anchor]!),
    graph: neighborGraph(landmarks.lists, count, options.neighbors, everyPair),
    rows: kernel.rows.slice(0, count * kernel.stride),
    stride: kernel.stride,
  }
}

/**
 * @param before the last map; places that are known are where the landmarks start
 * @param isNewSpace the last map was of other vectors: its places are no more than a start
 * @returns places for exactly the landmarks of the source; the same input gives the same bytes
 */
export function layOutMap(source: MapSource, before: MapPlaces | undefined, isNewSpace = false): MapPlaces {
  const { anchorIds, graph } = source
  const known = before === undefined ? undefined : knownPlaces(anchorIds, before)
  const isWarm = known !== undefined && known.count >= fewestKnown * graph.nodes
  const places = isWarm
    ? layOutGraph(graph, placeNewcomers(graph, known.places), isNewSpace ? coldLayout : warmLayout)
    : layOutGraph(graph, principalPlane(source.rows, graph.nodes, source.stride, startWidth), coldLayout)
  return {
    anchorIds,
    xs: Float32Array.from({ length: graph.nodes }, (_, i) => places[2 * i]!),
    ys: Float32Array.from({ length: graph.nodes }, (_, i) => places[2 * i + 1]!),
  }
}

/** How many of the landmarks the map does not know, 0…1. */
export function unmappedShare(anchorIds: BigUint64Array, map: MapPlaces): number {
  return anchorIds.length === 0 ? 0 : 1 - knownPlaces(anchorIds, map).count / anchorIds.length
}

/** NaN where there is none. */
function knownPlaces(anchorIds: BigUint64Array, before: MapPlaces): { places: Float64Array; count: number } {
  const slots = new Map(Array.from(before.anchorIds, (id, slot) => [id, slot]))
  const places = new Float64Array(2 * anchorIds.length).fill(NaN)
  let count = 0
  anchorIds.forEach((id, i) => {
    const slot = slots.get(id)
    if (slot === undefined) return
    places[2 * i] = before.xs[slot]!
    places[2 * i + 1] = before.ys[slot]!
    count += 1
  })
  return { places, count }
}

/** Newcomers start amid their neighbours; those that no neighbour leads to, somewhere on the map. */
function placeNewcomers({ nodes, offsets, targets }: Graph, places: Float64Array): Float64Array {
  const random = createRandom(nodes)
  let waiting = Array.from({ length: nodes }, (_, i) => i).filter((i) => Number.isNaN(places[2 * i]))
  while (waiting.length > 0) {
    const left = waiting.filter((i) => {
      const placed = [...targets.subarray(offsets[i], offsets[i + 1])].filter((j) => !Number.isNaN(places[2 * j]))
      for (const axis of [0, 1]) places[2 * i + axis] = placed.reduce((sum, j) => sum + places[2 * j + axis]!, 0) / placed.length
      return placed.length === 0
    })
    if (left.length === waiting.length) {
      places[2 * left[0]!] = (random.next() - 0.5) * 4 * startWidth
      places[2 * left[0]! + 1] = (random.next() - 0.5) * 4 * startWidth
    }
    waiting = left.filter((i) => Number.isNaN(places[2 * i]))
  }
  return places
}
