/** Finds how fine topics should be, from the data alone. */
import type { Graph } from './graph.ts'
import type { Landmarks } from './landmarks.ts'
import { leiden, renumber } from './leiden.ts'
import type { ClustererOptions } from './options.ts'
import { createRandom } from './random.ts'
import { silhouette, smoothVectors } from './silhouette.ts'

/**
 * The resolution at which Leiden's communities stand apart best: a mean over all tried ones whose silhouette comes near the best.
 * @param run number of the run: chance differs between runs
 * @returns within the range of `options.resolutions`, and the best silhouette −1…1
 */
export function selectResolution(
  landmarks: Landmarks,
  graph: Graph,
  run: number,
  options: Pick<ClustererOptions, 'resolutions' | 'plateau' | 'seed'>,
): { resolution: number; silhouette: number } {
  const smoothed = smoothVectors(landmarks)
  const scores = options.resolutions.map((resolution, i) => {
    const communities = leiden(graph, { resolution, random: createRandom(options.seed, run, i) })
    return silhouette(smoothed, communities, renumber(communities).count)
  })
  const best = Math.max(...scores)
  return { resolution: plateauMean(options.resolutions, scores, options.plateau), silhouette: best }
}

/** Geometric mean of the resolutions, weighted by exp((score ÷ best − 1) ÷ softness); the first one if no score is above 0. */
export function plateauMean(resolutions: readonly number[], scores: readonly number[], softness: number): number {
  const best = Math.max(...scores)
  if (best <= 0) return resolutions[0]!
  let sum = 0
  let logs = 0
  scores.forEach((score, i) => {
    const weight = Math.exp((score / best - 1) / softness)
    sum += weight
    logs += weight * Math.log(resolutions[i]!)
  })
  return Math.exp(logs / sum)
}
