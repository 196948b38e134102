import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Graph, graphOfPairs, graphWithin } from '../../src/cluster/graph.ts'
import { leiden, modularity, renumber } from '../../src/cluster/leiden.ts'
import { createRandom } from '../../src/cluster/random.ts'

/** Every pair of the nodes. */
function clique(...nodes: number[]): number[] {
  return nodes.flatMap((a, i) => nodes.slice(i + 1).flatMap((b) => [a, b]))
}

// Zachary 1977: friendships in a karate club of 34, members numbered from 1.
const karate = `1-2 1-3 2-3 1-4 2-4 3-4 1-5 1-6 1-7 5-7 6-7 1-8 2-8 3-8 4-8 1-9 3-9 3-10 1-11 5-11 6-11 1-12 1-13 4-13 1-14 2-14 3-14
4-14 6-17 7-17 1-18 2-18 1-20 2-20 1-22 2-22 24-26 25-26 3-28 24-28 25-28 3-29 24-30 27-30 2-31 9-31 1-32 25-32 26-32 29-32 3-33 9-33
15-33 16-33 19-33 21-33 23-33 24-33 30-33 31-33 32-33 9-34 10-34 14-34 15-34 16-34 19-34 20-34 21-34 23-34 24-34 27-34 28-34 29-34
30-34 31-34 32-34 33-34`
  .split(/\s/)
  .flatMap((edge) => edge.split('-').map((node) => Number(node) - 1))

/** Is every community one connected piece? */
function areConnected(graph: Graph, communities: Int32Array): boolean {
  const reached = new Set<number>()
  let pieces = 0
  for (let start = 0; start < graph.nodes; start += 1) {
    if (reached.has(start)) continue
    pieces += 1
    const open = [start]
    reached.add(start)
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const next of graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1])) {
        if (communities[next] !== communities[node] || reached.has(next)) continue
        reached.add(next)
        open.push(next)
      }
    }
  }
  return pieces === renumber(communities).count
}

const randomGraph = fc
  .integer({ min: 1, max: 40 })
  .chain((nodes) =>
    fc.tuple(
      fc.constant(nodes),
      fc.uniqueArray(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}` }),
    ),
  )
  .map(([nodes, pairs]) => graphOfPairs(nodes, pairs.filter(([a, b]) => a !== b).flat()))

describe('leiden', () => {
  it('finds two cliques that one edge connects', () => {
    const graph = graphOfPairs(8, [...clique(0, 1, 2, 3), ...clique(4, 5, 6, 7), 3, 4])

    const communities = leiden(graph, { resolution: 1, random: createRandom(1) })

    expect([...communities]).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
    expect(modularity(graph, communities, 1)).toBeCloseTo(12 / 13 - 0.5, 12)
  })

  it('reaches the best known modularity of the karate club', () => {
    const graph = graphOfPairs(34, karate)

    const best = Math.max(
      ...[1, 2, 3, 4, 5].map((seed) => modularity(graph, leiden(graph, { resolution: 1, random: createRandom(seed) }), 1)),
    )

    expect(graph.totalWeight).toBe(78)
    expect(best).toBeCloseTo(0.4198, 4) // Brandes et al. 2008: the optimum
  })

  it('finds more communities at a higher resolution', () => {
    const graph = graphOfPairs(34, karate)

    const counts = [0.2, 1, 4, 100].map((resolution) => renumber(leiden(graph, { resolution, random: createRandom(1) })).count)

    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    expect(counts.at(-1)).toBe(34)
  })

  it('leaves a good start as it is', () => {
    const graph = graphOfPairs(9, [...clique(0, 1, 2), ...clique(3, 4, 5), ...clique(6, 7, 8), 2, 3, 5, 6])
    const initial = Int32Array.from([7, 7, 7, 4, 4, 4, 9, 9, 9])

    const communities = leiden(graph, { resolution: 1, initial, random: createRandom(1) })

    expect([...communities]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
  })

  it('takes a start apart that puts unconnected cliques together', () => {
    const graph = graphOfPairs(8, [...clique(0, 1, 2, 3), ...clique(4, 5, 6, 7)])

    const communities = leiden(graph, { resolution: 1, initial: new Int32Array(8), random: createRandom(1) })

    expect([...communities]).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
  })

  it('leaves nodes without edges alone', () => {
    expect([...leiden(graphOfPairs(3, []), { resolution: 1, random: createRandom(1) })]).toEqual([0, 1, 2])
  })

  it('gives connected communities for any graph and seed', () => {
    fc.assert(
      fc.property(randomGraph, fc.nat(), fc.double({ min: 0.1, max: 8, noNaN: true }), (graph, seed, resolution) => {
        expect(areConnected(graph, leiden(graph, { resolution, random: createRandom(seed) }))).toBe(true)
      }),
    )
  })

  it('never ends below every node alone', () => {
    fc.assert(
      fc.property(randomGraph, fc.nat(), (graph, seed) => {
        const alone = Int32Array.from({ length: graph.nodes }, (_, i) => i)

        const communities = leiden(graph, { resolution: 1, random: createRandom(seed) })

        expect(modularity(graph, communities, 1)).toBeGreaterThanOrEqual(modularity(graph, alone, 1) - 1e-9)
      }),
    )
  })
})

describe('graphWithin', () => {
  it('keeps the edges inside groups', () => {
    const graph = graphWithin(graphOfPairs(4, [0, 1, 1, 2, 2, 3]), Int32Array.from([0, 0, 1, 1]))

    expect(graph.totalWeight).toBe(2)
    expect([...graph.nodeWeights]).toEqual([1, 1, 1, 1])
  })
})
