/** Leiden's first step: every node moves to the neighbouring community where it fits best, until none wants to. */
import type { Graph } from './graph.ts'
import { randomOrder, type Random } from './random.ts'

/**
 * Moves nodes greedily; a node is looked at again when a neighbour has left its community.
 * @param communities changed in place: labels 0 … nodes−1
 * @param penalty resolution ÷ (2 · total weight): what a pair of nodes in one community costs per product of their weights
 */
export function moveNodes(graph: Graph, communities: Int32Array, penalty: number, random: Random): void {
  const { nodes, offsets, targets, weights, nodeWeights } = graph
  const mass = new Float64Array(nodes)
  const sizes = new Int32Array(nodes)
  for (let i = 0; i < nodes; i += 1) {
    mass[communities[i]!] = mass[communities[i]!]! + nodeWeights[i]!
    sizes[communities[i]!] = sizes[communities[i]!]! + 1
  }
  const empty: number[] = []
  for (let c = nodes - 1; c >= 0; c -= 1) if (sizes[c] === 0) empty.push(c)

  const queue = randomOrder(nodes, random)
  const queued = new Uint8Array(nodes).fill(1)
  const linked = new Float64Array(nodes) // weight from the node at hand to each community; zero between nodes
  const seen = new Int32Array(nodes)
  for (let head = 0, waiting = nodes; waiting > 0; waiting -= 1, head = head + 1 === nodes ? 0 : head + 1) {
    const node = queue[head]!
    queued[node] = 0
    const own = communities[node]!
    let count = 0
    for (let at = offsets[node]!; at < offsets[node + 1]!; at += 1) {
      const community = communities[targets[at]!]!
      if (linked[community] === 0) {
        seen[count] = community
        count += 1
      }
      linked[community] = linked[community]! + weights[at]!
    }

    const cost = nodeWeights[node]! * penalty
    let best = own
    let bestGain = linked[own]! - cost * (mass[own]! - nodeWeights[node]!)
    if (bestGain < 0 && sizes[own]! > 1) {
      best = empty.at(-1)!
      bestGain = 0
    }
    for (let s = 0; s < count; s += 1) {
      const community = seen[s]!
      const gain = linked[community]! - cost * mass[community]!
      linked[community] = 0
      if (community === own || gain <= bestGain + 1e-12) continue
      best = community
      bestGain = gain
    }
    if (best === own) continue

    mass[own] = mass[own]! - nodeWeights[node]!
    sizes[own] = sizes[own]! - 1
    if (sizes[best] === 0) empty.pop()
    if (sizes[own] === 0) empty.push(own)
    mass[best] = mass[best]! + nodeWeights[node]!
    sizes[best] = sizes[best]! + 1
    communities[node] = best
    for (let at = offsets[node]!; at < offsets[node + 1]!; at += 1) {
      const neighbor = targets[at]!
      if (queued[neighbor] === 1 || communities[neighbor] === best) continue
      queued[neighbor] = 1
      queue[(head + waiting) % nodes] = neighbor
      waiting += 1
    }
  }
}
