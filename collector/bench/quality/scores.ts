/** How well vectors group labelled texts: k-means with the true k, and what the nearest neighbours say. */
import type { Matrix } from '../../src/cluster/matrix.ts'
import { createRandom, type Random } from '../../src/cluster/random.ts'

const maxRounds = 100
const neighbors = 10

/**
 * Lloyd's algorithm from k-means++ seeds.
 * @param vectors unit rows
 * @returns a cluster per row, 0…k − 1
 * Source: Arthur & Vassilvitskii 2007, with the greedy choice among 2 + ln k candidates.
 */
export function kMeans(vectors: Matrix, k: number, seed: number): Int32Array {
  let centroids = chooseSeeds(vectors, k, createRandom(seed))
  let clusters = assign(vectors, centroids)
  for (let round = 0; round < maxRounds; round++) {
    centroids = means(vectors, clusters, centroids)
    const next = assign(vectors, centroids)
    if (next.every((cluster, row) => cluster === clusters[row])) break
    clusters = next
  }
  return clusters
}

/** Normalised mutual information (arithmetic mean), 0…1. */
export function mutualInformation(a: Int32Array, b: Int32Array): number {
  const joint = countValues(a.map((value, row) => value * 65_536 + (b[row] ?? 0)))
  const [first, second] = [countValues(a), countValues(b)]
  const [entropyA, entropyB, entropyAB] = [entropy(first), entropy(second), entropy(joint)]
  return (2 * (entropyA + entropyB - entropyAB)) / (entropyA + entropyB)
}

/** Share of the ten nearest neighbours that carry a text's own label, 0…1. */
export function neighborPurity(vectors: Matrix, labels: Int32Array): number {
  let same = 0
  for (let row = 0; row < vectors.rows; row++) {
    const similarities = Float32Array.from(labels, (_, other) => (other === row ? -2 : dot(vectors, row, vectors, other)))
    const nearest = [...similarities.keys()].sort((a, b) => similarities[b]! - similarities[a]!).slice(0, neighbors)
    same += nearest.filter((other) => labels[other] === labels[row]).length
  }
  return same / (vectors.rows * neighbors)
}

function chooseSeeds(vectors: Matrix, k: number, random: Random): Matrix {
  const centroids = { data: new Float32Array(k * vectors.cols), rows: k, cols: vectors.cols }
  const candidates = 2 + Math.floor(Math.log(k))
  let distances = new Float64Array(vectors.rows).fill(1)
  for (let centroid = 0; centroid < k; centroid++) {
    let best = { row: 0, distances, total: Infinity }
    for (let candidate = 0; candidate < candidates; candidate++) {
      const row = draw(distances, random)
      const nearer = distances.map((distance, other) => Math.min(distance, 2 - 2 * dot(vectors, row, vectors, other)))
      const total = sum(nearer)
      if (total < best.total) best = { row, distances: nearer, total }
    }
    distances = best.distances
    centroids.data.set(vectors.data.subarray(best.row * vectors.cols, (best.row + 1) * vectors.cols), centroid * vectors.cols)
  }
  return centroids
}

/** A row with a probability proportional to its weight. */
function draw(weights: Float64Array, random: Random): number {
  let left = random.next() * sum(weights)
  const row = weights.findIndex((weight) => (left -= weight) < 0)
  return row === -1 ? weights.length - 1 : row
}

function assign(vectors: Matrix, centroids: Matrix): Int32Array {
  const halfSquares = Float32Array.from({ length: centroids.rows }, (_, centroid) => dot(centroids, centroid, centroids, centroid) / 2)
  const clusters = new Int32Array(vectors.rows)
  for (let row = 0; row < vectors.rows; row++) {
    let best = -Infinity
    for (let centroid = 0; centroid < centroids.rows; centroid++) {
      const nearness = dot(vectors, row, centroids, centroid) - halfSquares[centroid]!
      if (nearness <= best) continue
      best = nearness
      clusters[row] = centroid
    }
  }
  return clusters
}

/** Mean of each cluster's rows; a cluster without rows keeps its old centroid. */
function means(vectors: Matrix, clusters: Int32Array, old: Matrix): Matrix {
  const { cols } = vectors
  const data = new Float32Array(old.data.length)
  const sizes = countValues(clusters)
  for (const [row, cluster] of clusters.entries()) {
    for (let i = 0; i < cols; i++) data[cluster * cols + i]! += vectors.data[row * cols + i]! / sizes.get(cluster)!
  }
  for (let cluster = 0; cluster < old.rows; cluster++) {
    if (!sizes.has(cluster)) data.set(old.data.subarray(cluster * cols, (cluster + 1) * cols), cluster * cols)
  }
  return { ...old, data }
}

function countValues(values: Int32Array): Map<number, number> {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function entropy(counts: Map<number, number>): number {
  const total = sum([...counts.values()])
  return sum([...counts.values()].map((count) => (-count / total) * Math.log(count / total)))
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}

function dot(a: Matrix, rowA: number, b: Matrix, rowB: number): number {
  let product = 0
  for (let i = 0; i < a.cols; i++) product += a.data[rowA * a.cols + i]! * b.data[rowB * b.cols + i]!
  return product
}
