/** Carries a clusterer's state over to another vector space: only the landmarks need vectors there. */
import { evictSlots } from './evict.ts'
import { Landmarks } from './landmarks.ts'
import { quantizeRow } from './quantize.ts'
import type { State } from './state.ts'

/**
 * Anchors, topics and edits stay; landmarks without a vector are evicted, by their neighbours in the former space. The next run is due at once.
 * @param vectorOf by anchor id, shape (dimensions), length 1; undefined or all zero where there is none
 * @returns undefined, and nothing has changed, when no landmark has a vector; else a state that takes the former one's place
 */
export function changeSpace(state: State, dimensions: number, vectorOf: (anchorId: bigint) => Float32Array | undefined): State | undefined {
  const { anchors, landmarks: former } = state
  const vectors = Array.from(former.anchors.subarray(0, former.count), (anchor) => {
    const vector = vectorOf(anchors.ids[anchor]!)
    return vector?.some((value) => value !== 0) ? vector : undefined
  })
  const isEvicted = Uint8Array.from(vectors, (vector) => (vector === undefined ? 1 : 0))
  if (!isEvicted.includes(0)) return undefined
  if (isEvicted.includes(1)) evictSlots(state, isEvicted)

  const landmarks = new Landmarks(dimensions)
  const kept = vectors.filter((vector) => vector !== undefined)
  landmarks.reserve(kept.length)
  landmarks.count = kept.length
  const { stride } = landmarks.kernel
  kept.forEach((data, slot) => quantizeRow({ data, rows: 1, cols: dimensions }, 0, landmarks.raw, slot * stride))
  for (const column of ['anchors', 'mass', 'arrivedRun'] as const) landmarks[column].set(former[column].subarray(0, kept.length))
  const isCentred = kept.length >= state.options.meanLandmarks
  if (isCentred) landmarks.mean.set(landmarks.rawMean())
  landmarks.relist()
  // No resolution: the next run looks for one, and for topics, as if it were the first.
  return { ...state, landmarks, isCentred, resolution: 0, seenAtSelection: 0, dueAt: state.seen }
}
