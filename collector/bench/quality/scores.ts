/** How well vectors group labelled texts: k-means with the true k, and what the nearest neighbours say. */
import type { Matrix } from '../../src/cluster/matrix.ts'
import { createRandom, type Random } from '../../src/cluster/random.ts'

const maxRounds = 100
const neighbors = 10

/**
 * Lloyd's algorithm from k-means++ seeds.
 * @param vectors unit rows
 * @returns a cluster per row, 0…k − 1
 * Source: Arthur & Vassilvitskii 2007, with the greedy choice among 2 + ln k candidates after the first.
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
    for (const other of nearestRows(vectors, row)) if (labels[other] === labels[row]) same++
  }
  return same / (vectors.rows * neighbors)
}

/** The ten rows most similar to `row`, itself left out, nearest first. */
function nearestRows(vectors: Matrix, row: number): number[] {
  const nearest: { other: number; similarity: number }[] = []
  for (let other = 0; other < vectors.rows; other++) {
    const similarity = dot(vectors, row, vectors, other)
    if (other === row || (nearest.length === neighbors && similarity <= nearest.at(-1)!.similarity)) continue
    const place = nearest.findIndex((found) => found.similarity < similarity)
    nearest.splice(place === -1 ? nearest.length : place, 0, { other, similarity })
    if (nearest.length > neighbors) nearest.pop()
  }
  return nearest.map(({ other }) => other)
}

function chooseSeeds(vectors: Matrix, k: number, random: Random): Matrix {
  const centroids = { data: new Float32Array(k * vectors.cols), rows: k, cols: vectors.cols }
  let distances = new Float64Array(vectors.rows).fill(1)
  for (let centroid = 0; centroid < k; centroid++) {
    const candidates = centroid === 0 ? 1 : 2 + Math.floor(Math.log(k))
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

/** Dot product of row `rowA` of `a` with row `rowB` of `b`; four sums at a time, because one would wait for itself. */
function dot(a: Matrix, rowA: number, b: Matrix, rowB: number): number {
  const { cols, data: left } = a
  const right = b.data
  let [first, second, third, fourth] = [0, 0, 0, 0]
  let i = rowA * cols
  let j = rowB * cols
  for (const end = i + cols - 3; i < end; i += 4, j += 4) {
    first += left[i]! * right[j]!
    second += left[i + 1]! * right[j + 1]!
    third += left[i + 2]! * right[j + 2]!
    fourth += left[i + 3]! * right[j + 3]!
  }
  for (const end = (rowA + 1) * cols; i < end; i++, j++) first += left[i]! * right[j]!
  return first + second + third + fourth
}
