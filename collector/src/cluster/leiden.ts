/**
 * Leiden: communities of a graph that are connected and locally optimal for modularity at a resolution.
 * Source: Traag, Waltman & van Eck 2019, "From Louvain to Leiden", algorithm A.2.
 */
import { aggregate } from './leiden-aggregate.ts'
import { moveNodes } from './leiden-move.ts'
import { refine } from './leiden-refine.ts'
import type { Graph } from './graph.ts'
import type { Random } from './random.ts'

export interface LeidenOptions {
  /** Above 1: more and smaller communities than plain modularity. */
  readonly resolution: number
  /** Where to start: a community for every node, shape (nodes); without it every node is alone. */
  readonly initial?: Int32Array
  readonly random: Random
}

const rounds = 2 // the second starts from the first one's result; a third costs a third more and gains nothing that shows

/** @returns every node's community, shape (nodes), numbered from 0 in order of their first node */
export function leiden(graph: Graph, options: LeidenOptions): Int32Array {
  let communities = options.initial === undefined ? singletons(graph.nodes) : renumber(options.initial).labels
  for (let round = 0; round < rounds; round += 1) {
    const next = renumber(leidenOnce(graph, communities, options)).labels
    const settled = next.every((community, node) => community === communities[node])
    communities = next
    if (settled) break
  }
  return communities
}

/** Moves, refines and aggregates until nothing can be put together any more. */
function leidenOnce(graph: Graph, start: Int32Array, { resolution, random }: LeidenOptions): Int32Array {
  const penalty = graph.totalWeight === 0 ? 0 : resolution / (2 * graph.totalWeight)
  let level = graph
  let partition = start.slice()
  const levelNode = Int32Array.from({ length: graph.nodes }, (_, node) => node) // the level's node that holds each node
  for (;;) {
    moveNodes(level, partition, penalty, random)
    const communities = renumber(partition)
    if (communities.count === level.nodes) break
    const refined = renumber(refine(level, communities.labels, penalty, random))
    const parts = refined.count < level.nodes ? refined : communities // else nothing would ever shrink
    level = aggregate(level, parts.labels, parts.count)
    partition = new Int32Array(level.nodes)
    communities.labels.forEach((community, node) => (partition[parts.labels[node]!] = community))
    for (let node = 0; node < levelNode.length; node += 1) levelNode[node] = parts.labels[levelNode[node]!]!
  }
  return levelNode.map((node) => partition[node]!)
}

/** Modularity of a partition at a resolution: −0.5·resolution … 1. */
export function modularity(graph: Graph, communities: Int32Array, resolution: number): number {
  if (graph.totalWeight === 0) return 0
  const inside = new Float64Array(graph.nodes)
  const mass = new Float64Array(graph.nodes)
  for (let i = 0; i < graph.nodes; i += 1) {
    const community = communities[i]!
    mass[community] = mass[community]! + graph.nodeWeights[i]!
    for (let at = graph.offsets[i]!; at < graph.offsets[i + 1]!; at += 1) {
      if (communities[graph.targets[at]!] === community) inside[community] = inside[community]! + graph.weights[at]!
    }
  }
  const ends = 2 * graph.totalWeight
  return inside.reduce((sum, weight, c) => sum + weight / ends - resolution * (mass[c]! / ends) ** 2, 0)
}

/** Renames labels to 0, 1, … in order of appearance; a negative label becomes one of its own for every node. */
export function renumber(labels: Int32Array): { labels: Int32Array; count: number } {
  const names = new Int32Array(labels.reduce((largest, label) => Math.max(largest, label), -1) + 1).fill(-1)
  const renamed = new Int32Array(labels.length)
  let count = 0
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i]!
    if (label >= 0 && names[label]! >= 0) {
      renamed[i] = names[label]!
      continue
    }
    if (label >= 0) names[label] = count
    renamed[i] = count
    count += 1
  }
  return { labels: renamed, count }
}

function singletons(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i)
}
