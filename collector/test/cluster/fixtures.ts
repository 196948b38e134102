/** Made-up texts' vectors for the clusterer's tests. */
import { type Clusterer, createClusterer } from '../../src/cluster/clusterer.ts'
import { createMatrix, type Matrix } from '../../src/cluster/matrix.ts'
import type { ClustererOptions } from '../../src/cluster/options.ts'
import { createRandom, type Random } from '../../src/cluster/random.ts'

export const dimensions = 32

/** Vectors with ids and the group each was made from. */
export interface Texts {
  readonly vectors: Matrix
  readonly ids: BigUint64Array
  readonly groups: readonly number[]
}

/** A unit vector in a random direction. */
export function randomDirection(random: Random, length = dimensions): Float32Array {
  const vector = Float32Array.from({ length }, () => random.next() + random.next() + random.next() - 1.5)
  return toUnit(vector)
}

export function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/** Distinct texts of several groups, in random order. @param noise length of what is added to the group's direction */
export function makeTexts(groups: readonly number[], options: { perGroup: number; seed?: number; noise?: number }): Texts {
  const { perGroup, seed = 1, noise = 0.75 } = options
  const random = createRandom(seed)
  const order = groups.flatMap((group) => Array.from({ length: perGroup }, () => ({ group, at: random.next() })))
  order.sort((a, b) => a.at - b.at)
  const vectors = createMatrix(order.length, dimensions)
  order.forEach(({ group }, row) => {
    const centre = randomDirection(createRandom(1000 + group))
    const jitter = randomDirection(random)
    vectors.data.set(toUnit(centre.map((value, i) => value + noise * jitter[i]!)), row * dimensions)
  })
  const ids = BigUint64Array.from(order, (_, i) => BigInt(seed) * 1_000_000n + BigInt(i) + 1n)
  return { vectors, ids, groups: order.map(({ group }) => group) }
}

/** Copies of one vector. */
export function repeat(vector: Float32Array, rows: number): Matrix {
  const matrix = createMatrix(rows, vector.length)
  for (let row = 0; row < rows; row += 1) matrix.data.set(vector, row * vector.length)
  return matrix
}

export function rowOf(matrix: Matrix, row: number): Float32Array {
  return matrix.data.slice(row * matrix.cols, (row + 1) * matrix.cols)
}

/** A clusterer small enough that evictions happen within some hundred texts. */
export function smallClusterer(options: Partial<ClustererOptions> = {}): Clusterer {
  return createClusterer({ dimensions, now: () => 0, ...options })
}

/** Adds texts and runs when due, as the collector does. @returns anchor ids */
export function stream(clusterer: Clusterer, { vectors, ids }: Texts, blockRows = 50): bigint[] {
  const anchors: bigint[] = []
  for (let first = 0; first < vectors.rows; first += blockRows) {
    const rows = Math.min(blockRows, vectors.rows - first)
    const data = vectors.data.subarray(first * vectors.cols, (first + rows) * vectors.cols)
    anchors.push(...clusterer.add({ data, rows, cols: vectors.cols }, ids.slice(first, first + rows)).anchorIds)
    if (clusterer.isDue()) clusterer.consolidate()
  }
  return anchors
}

/** The topic that most of a group's texts are in, with the share of them that are. */
export function majorityTopic(clusterer: Clusterer, { ids, groups }: Texts, group: number): { topic: bigint; share: number } {
  const counts = new Map<bigint, number>()
  const members = [...ids].filter((_, i) => groups[i] === group)
  for (const id of members) {
    const { topic } = clusterer.assignmentOf(id)!
    counts.set(topic, (counts.get(topic) ?? 0) + 1)
  }
  const [topic, count] = [...counts].sort((a, b) => b[1] - a[1])[0]!
  return { topic, share: count / members.length }
}
