/** The clusterer: vectors in, topics out. */
import { addAgain, assignMessages, type Assigned, type Past, searchNearest } from './assign.ts'
import { applyEdits, consolidate } from './consolidate.ts'
import { changeSpace } from './change-space.ts'
import { cosinePerDot } from './dot-kernel.ts'
import type { Constraints } from './edits.ts'
import { type MapSource, mapSource } from './map.ts'
import type { Matrix } from './matrix.ts'
import { type ClustererOptions, defaultClustererOptions, voters } from './options.ts'
import type { Run } from './report.ts'
import { loadState, saveState } from './snapshot.ts'
import { createState, landmarkTopic, type State } from './state.ts'
import { voteTopic } from './vote.ts'

/** Where an anchor belongs; 0 = none. */
export interface Placement {
  readonly subtopic: bigint
  readonly topic: bigint
  readonly theme: bigint
}

/** Why a text is in its topic. */
export interface Explanation {
  /** The ten nearest landmarks, best first: centred cosine and topic. */
  readonly nearest: readonly { readonly anchorId: bigint; readonly similarity: number; readonly topic: bigint }[]
  /** The topics' parts of the votes, largest first; they add up to 1. */
  readonly votes: readonly { readonly topic: bigint; readonly share: number }[]
}

/**
 * Groups texts of one vector space into topics as they come. The same calls give the same results, bit by bit.
 * Memory: about 25 MB for the landmarks at 384 dimensions, and 100 bytes for every anchor ever seen.
 */
export interface Clusterer {
  readonly dimensions: number
  /**
   * Takes messages in. Runs nothing: ask `isDue` afterwards.
   * @param vectors shape (n, dimensions), finite, each row of length 1 or all zero for "no embedding"
   * @param ids shape (n): hash of vector space and text, not 0; equal for equal texts. A new anchor has its first text's id
   * @param past shape (n): where they went before, when messages that a former clusterer took in are taken in again
   * @throws RangeError if the shapes do not fit
   */
  add(vectors: Matrix, ids: BigUint64Array, past?: Past): Assigned
  /** Takes one more message of a text in that it knows; four of them make a run as due as one of `add`. @throws RangeError for an unknown one */
  addAgain(id: bigint): { readonly anchorId: bigint; readonly topic: bigint }
  /** Messages at which the next run is due. */
  readonly dueAt: number
  isDue(): boolean
  /** Messages so far, and how many more make the next run due. */
  progress(): { seen: number; until: number }
  /**
   * Looks for topics anew. Takes up to a few seconds of pure computation.
   * @param edits all edits in force from now on; without it the former ones stay
   */
  consolidate(edits?: Constraints): Run
  /** Puts edits into force at once and moves nothing else. @param edits all edits in force: those left out are taken back */
  applyEdits(edits: Constraints): Run
  /** @throws RangeError if the vector has another length */
  explain(vector: Float32Array): Explanation
  /** Ids of the anchors whose vectors it needs in another space: at most some 10,000, whatever it has seen. */
  landmarkIds(): BigUint64Array
  /**
   * Goes over to another vector space; what it said of anchors and topics holds until the next run, which looks for topics afresh and gives
   * them the ids of those whose messages they have.
   * @param vectorOf a landmark's vector there, of length 1; undefined for one that has none
   * @returns undefined, and nothing has changed, when no landmark has a vector. Ask the former clusterer nothing any more otherwise
   */
  inSpace(dimensions: number, vectorOf: (anchorId: bigint) => Float32Array | undefined): Clusterer | undefined
  /** Where an anchor belongs now; `undefined` for an unknown id. Also finds the ids of texts that joined another's anchor. */
  assignmentOf(anchorId: bigint): Placement | undefined
  /** What `layOutMap` makes a map of: a copy. */
  mapSource(): MapSource
  /** Everything it knows, for `restoreClusterer`. */
  snapshot(): Uint8Array
}

/** A clusterer that has seen nothing. All options but `dimensions` are for tests. */
export function createClusterer(options: { dimensions: number } & Partial<ClustererOptions>): Clusterer {
  return clustererOf(createState(options.dimensions, { ...defaultClustererOptions, ...options }))
}

/**
 * The clusterer that `bytes` is a snapshot of.
 * @throws RangeError if the bytes are not a whole snapshot
 */
export function restoreClusterer(bytes: Uint8Array, options: Partial<ClustererOptions> = {}): Clusterer {
  return clustererOf(loadState(bytes, { ...defaultClustererOptions, ...options }))
}

function clustererOf(state: State): Clusterer {
  const { dimensions } = state.landmarks
  return {
    dimensions,
    add(vectors, ids, past) {
      if (vectors.cols !== dimensions || ids.length !== vectors.rows) {
        const expected = `(${ids.length}, ${dimensions})`
        throw new RangeError(`vectors: expected shape ${expected} for ${ids.length} ids, got (${vectors.rows}, ${vectors.cols})`)
      }
      return assignMessages(state, vectors, ids, past)
    },
    addAgain: (id) => addAgain(state, id),
    get dueAt() {
      return state.dueAt
    },
    isDue: () => state.seen >= state.dueAt,
    progress: () => ({ seen: state.seen, until: Math.max(0, state.dueAt - state.seen) }),
    consolidate: (edits) => consolidate(state, edits),
    applyEdits: (edits) => applyEdits(state, edits),
    explain(vector) {
      if (vector.length !== dimensions) throw new RangeError(`vector: expected length ${dimensions}, got ${vector.length}`)
      return explain(state, vector)
    },
    landmarkIds: () =>
      BigUint64Array.from(state.landmarks.anchors.subarray(0, state.landmarks.count), (anchor) => state.anchors.ids[anchor]!),
    inSpace(size, vectorOf) {
      const moved = changeSpace(state, size, vectorOf)
      return moved === undefined ? undefined : clustererOf(moved)
    },
    assignmentOf: (anchorId) => placementOf(state, anchorId),
    mapSource: () => mapSource(state),
    snapshot: () => saveState(state),
  }
}

function explain(state: State, vector: Float32Array): Explanation {
  const { landmarks, anchors, topics } = state
  const top = searchNearest(state, vector, voters)
  if (top === undefined) return { nearest: [], votes: [] }
  const { topics: voted, votes } = voteTopic(state, top)
  const total = votes.reduce((sum, vote) => sum + vote, 0)
  return {
    nearest: Array.from({ length: top.count }, (_, k) => ({
      anchorId: anchors.ids[landmarks.anchors[top.ids[k]!]!]!,
      similarity: top.dots[k]! * cosinePerDot,
      topic: topics.idOf(landmarkTopic(state, top.ids[k]!)),
    })),
    votes: voted.map((topic, i) => ({ topic: topics.idOf(topic), share: votes[i]! / total })).sort((a, b) => b.share - a.share),
  }
}

function placementOf({ anchors, subtopics, topics, themes }: State, anchorId: bigint): Placement | undefined {
  const anchor = anchors.findId(anchorId)
  if (anchor < 0) return undefined
  const topic = anchors.topics[anchor]!
  return {
    subtopic: subtopics.idOf(anchors.subtopics[anchor]!),
    topic: topics.idOf(topic),
    theme: themes.idOf(topics.parents[topic] ?? -1),
  }
}
