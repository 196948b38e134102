/** Leiden's third step: every part becomes one node. */
import type { Graph } from './graph.ts'

/**
 * The graph of parts: edges between two parts are added up, edges inside a part are left out (they never decide a move).
 * @param parts every node's part, 0 … count−1
 */
export function aggregate(graph: Graph, parts: Int32Array, count: number): Graph {
  const nodeWeights = new Float64Array(count)
  const members = membersByPart(parts, count)
  const offsets = new Int32Array(count + 1)
  const targets = new Int32Array(graph.targets.length)
  const weights = new Float64Array(graph.targets.length)
  const position = new Int32Array(count).fill(-1) // where the edge to a part stands, if behind the part's offset
  let size = 0
  for (let part = 0; part < count; part += 1) {
    const start = size
    for (let m = members.offsets[part]!; m < members.offsets[part + 1]!; m += 1) {
      const node = members.nodes[m]!
      nodeWeights[part] = nodeWeights[part]! + graph.nodeWeights[node]!
      for (let at = graph.offsets[node]!; at < graph.offsets[node + 1]!; at += 1) {
        const other = parts[graph.targets[at]!]!
        if (other === part) continue
        if (position[other]! < start) {
          position[other] = size
          targets[size] = other
          weights[size] = 0
          size += 1
        }
        weights[position[other]!] = weights[position[other]!]! + graph.weights[at]!
      }
    }
    offsets[part + 1] = size
  }
  return {
    nodes: count,
    offsets,
    targets: targets.slice(0, size),
    weights: weights.slice(0, size),
    nodeWeights,
    totalWeight: graph.totalWeight,
  }
}

/** The nodes of each part: part p's stand at offsets[p] … offsets[p + 1] − 1. */
function membersByPart(parts: Int32Array, count: number): { offsets: Int32Array; nodes: Int32Array } {
  const offsets = new Int32Array(count + 1)
  for (const part of parts) offsets[part + 1] = offsets[part + 1]! + 1
  for (let part = 0; part < count; part += 1) offsets[part + 1] = offsets[part]! + offsets[part + 1]!
  const next = offsets.slice(0, count)
  const nodes = new Int32Array(parts.length)
  parts.forEach((part, node) => {
    nodes[next[part]!] = node
    next[part] = next[part]! + 1
  })
  return { offsets, nodes }
}
