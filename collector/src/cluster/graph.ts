/** An undirected graph in compressed rows. */
import { listWidth, type NeighborLists } from './neighbor-lists.ts'

export interface Graph {
  readonly nodes: number
  /** Node i's edges stand at offsets[i] … offsets[i + 1] − 1; every edge stands at both of its ends, none leads to itself. */
  readonly offsets: Int32Array
  readonly targets: Int32Array
  readonly weights: Float64Array
  /** What modularity expects of a node: its degree in the graph that was first built, loops included. */
  readonly nodeWeights: Float64Array
  /** Sum of all edges' weights, each counted once, loops included. */
  readonly totalWeight: number
}

/**
 * The union of k-nearest-neighbour lists: i and j share an edge of weight 1 if either is among the other's k nearest.
 * @param n the first n lists take part
 * @param floor only pairs with a dot product above it are neighbours: among few texts the nearest may have nothing in common
 */
export function neighborGraph(lists: NeighborLists, n: number, k: number, floor: number): Graph {
  const pairs = new Uint32Array(n * k * 2)
  let size = 0
  for (let i = 0; i < n; i += 1) {
    const end = i * listWidth + Math.min(k, lists.counts[i]!)
    for (let at = i * listWidth; at < end; at += 1) {
      const j = lists.ids[at]!
      if (lists.dots[at]! <= floor) break
      if (j < i && listHolds(lists, j, i, k)) continue // already added from j's side
      pairs[size] = i
      pairs[size + 1] = j
      size += 2
    }
  }
  return graphOfPairs(n, pairs.subarray(0, size))
}

/** The graph without the edges between nodes of different groups. */
export function graphWithin(graph: Graph, groups: Int32Array): Graph {
  const pairs = new Uint32Array(graph.targets.length)
  let size = 0
  for (let i = 0; i < graph.nodes; i += 1) {
    for (let at = graph.offsets[i]!; at < graph.offsets[i + 1]!; at += 1) {
      const j = graph.targets[at]!
      if (j < i || groups[i] !== groups[j]) continue
      pairs[size] = i
      pairs[size + 1] = j
      size += 2
    }
  }
  return graphOfPairs(graph.nodes, pairs.subarray(0, size))
}

/** A graph of edges of weight 1. @param pairs i, j, i, j, … each edge once, i ≠ j */
export function graphOfPairs(nodes: number, pairs: ArrayLike<number>): Graph {
  const offsets = new Int32Array(nodes + 1)
  for (let p = 0; p < pairs.length; p += 1) offsets[pairs[p]! + 1] = offsets[pairs[p]! + 1]! + 1
  for (let i = 0; i < nodes; i += 1) offsets[i + 1] = offsets[i]! + offsets[i + 1]!
  const nodeWeights = new Float64Array(nodes)
  for (let i = 0; i < nodes; i += 1) nodeWeights[i] = offsets[i + 1]! - offsets[i]!
  const next = offsets.slice(0, nodes)
  const targets = new Int32Array(pairs.length)
  for (let p = 0; p < pairs.length; p += 2) {
    const i = pairs[p]!
    const j = pairs[p + 1]!
    targets[next[i]!] = j
    targets[next[j]!] = i
    next[i] = next[i]! + 1
    next[j] = next[j]! + 1
  }
  return { nodes, offsets, targets, weights: new Float64Array(pairs.length).fill(1), nodeWeights, totalWeight: pairs.length / 2 }
}

function listHolds(lists: NeighborLists, i: number, id: number, k: number): boolean {
  const end = i * listWidth + Math.min(k, lists.counts[i]!)
  for (let at = i * listWidth; at < end; at += 1) if (lists.ids[at] === id) return true
  return false
}
