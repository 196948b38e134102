/** Finds how fine topics should be, from the data alone. */
import type { Graph } from './graph.ts'
import type { Landmarks } from './landmarks.ts'
import { leiden, renumber } from './leiden.ts'
import type { ClustererOptions } from './options.ts'
import { createRandom } from './random.ts'
import { silhouette, smoothVectors } from './silhouette.ts'

const worthALook = 0.8 // of the best silhouette: what scores less weighs nothing in the mean, nor does what lies beyond it

/** What a search for a resolution is given. */
export interface ResolutionSearch {
  /** Number of the run: chance differs between runs. */
  readonly run: number
  /** The last search's result, 0 before the first: the search goes out from there, at first it looks at all resolutions. */
  readonly last: number
}

/**
 * The resolution at which Leiden's communities stand apart best: a mean over all tried ones whose silhouette comes near the best.
 * @returns within the range of `options.resolutions`, and the best silhouette −1…1
 */
export function selectResolution(
  landmarks: Landmarks,
  graph: Graph,
  { run, last }: ResolutionSearch,
  { resolutions, plateau, seed }: Pick<ClustererOptions, 'resolutions' | 'plateau' | 'seed'>,
): { resolution: number; silhouette: number } {
  const smoothed = smoothVectors(landmarks)
  const scores = resolutions.map(() => -Infinity)
  let best = -Infinity
  const look = (i: number): boolean => {
    const communities = leiden(graph, { resolution: resolutions[i]!, random: createRandom(seed, run, i) })
    const score = silhouette(smoothed, communities, renumber(communities).count)
    scores[i] = score
    best = Math.max(best, score)
    return last === 0 || score >= worthALook * best
  }
  const start = Math.max(
    0,
    resolutions.findLastIndex((resolution) => resolution <= last),
  )
  for (let i = start; i < resolutions.length && look(i); i += 1);
  for (let i = start - 1; i >= 0 && look(i); i -= 1);
  return { resolution: plateauMean(resolutions, scores, plateau), silhouette: best }
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
