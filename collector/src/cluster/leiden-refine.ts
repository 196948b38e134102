/** Leiden's second step: inside every community, nodes that belong together are put together anew, from single nodes. */
import type { Graph } from './graph.ts'
import { randomOrder, type Random } from './random.ts'

const randomness = 0.01 // how readily a worse merge is taken: the paper's and igraph's default
const impossible = 40 * randomness // exp(−40): too unlikely to be worth the exponential

/**
 * Splits communities into well-connected parts: the nodes that the next level is made of.
 * @param communities labels 0 … nodes−1
 * @param penalty as in `moveNodes`
 * @returns every node's part; each part lies in one community
 */
export function refine(graph: Graph, communities: Int32Array, penalty: number, random: Random): Int32Array {
  const { nodes, offsets, targets, weights, nodeWeights } = graph
  const communityMass = new Float64Array(nodes)
  for (let i = 0; i < nodes; i += 1) communityMass[communities[i]!] = communityMass[communities[i]!]! + nodeWeights[i]!
  const outside = new Float64Array(nodes) // weight from a part to the rest of its community
  for (let i = 0; i < nodes; i += 1) {
    const community = communities[i]!
    let sum = 0
    for (let at = offsets[i]!, end = offsets[i + 1]!; at < end; at += 1) {
      if (communities[targets[at]!] === community) sum += weights[at]!
    }
    outside[i] = sum
  }
  const isWellConnected = (part: number, all: number): boolean => outside[part]! >= mass[part]! * (all - mass[part]!) * penalty

  const parts = Int32Array.from({ length: nodes }, (_, i) => i)
  const mass = nodeWeights.slice()
  const isAlone = new Uint8Array(nodes).fill(1)
  const linked = new Float64Array(nodes)
  const seen = new Int32Array(nodes)
  const gains = new Float64Array(nodes)
  for (const node of randomOrder(nodes, random)) {
    const community = communities[node]!
    const all = communityMass[community]!
    if (isAlone[node] === 0 || !isWellConnected(node, all)) continue
    let count = 0
    for (let at = offsets[node]!, end = offsets[node + 1]!; at < end; at += 1) {
      if (communities[targets[at]!] !== community) continue
      const part = parts[targets[at]!]!
      if (linked[part] === 0) {
        seen[count] = part
        count += 1
      }
      linked[part] = linked[part]! + weights[at]!
    }
    let best = 0 // staying alone
    for (let s = 0; s < count; s += 1) {
      const part = seen[s]!
      gains[s] = isWellConnected(part, all) ? linked[part]! - nodeWeights[node]! * mass[part]! * penalty : -1
      best = Math.max(best, gains[s]!)
    }
    const chosen = drawPart(gains, count, best, random)
    if (chosen >= 0) {
      const part = seen[chosen]!
      outside[part] = outside[part]! + outside[node]! - 2 * linked[part]!
      mass[part] = mass[part]! + nodeWeights[node]!
      parts[node] = part
      isAlone[part] = 0
      isAlone[node] = 0
    }
    for (let s = 0; s < count; s += 1) linked[seen[s]!] = 0
  }
  return parts
}

/** Draws a candidate with probability ∝ exp(gain ÷ randomness), among those that lose nothing; −1 = stay alone, with gain 0. */
function drawPart(gains: Float64Array, count: number, best: number, random: Random): number {
  const least = Math.max(0, best - impossible)
  let sum = Math.exp(-best / randomness)
  for (let s = 0; s < count; s += 1) if (gains[s]! >= least) sum += Math.exp((gains[s]! - best) / randomness)
  let left = random.next() * sum
  for (let s = 0; s < count; s += 1) {
    if (gains[s]! < least) continue
    left -= Math.exp((gains[s]! - best) / randomness)
    if (left < 0) return s
  }
  return -1
}
