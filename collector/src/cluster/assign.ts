/** Takes messages in: each joins its nearest anchor or becomes a new one, and gets a topic at once. */
import { cosinePerDot } from './dot-kernel.ts'
import { evictLandmarks } from './evict.ts'
import type { Matrix } from './matrix.ts'
import { listWidth } from './neighbor-lists.ts'
import { blockRows } from './options.ts'
import { centreRow, quantizeRow } from './quantize.ts'
import type { State } from './state.ts'
import { createTopList, offer, offerRows, type TopList } from './top-list.ts'
import { nearnessOf, outlierScore, voteTopic } from './vote.ts'

/** What became of each message; arrays of shape (rows). A row without a vector has only zeros. */
export interface Assigned {
  /** The anchor the message belongs to for ever. */
  readonly anchorIds: BigUint64Array
  /** 1 where the message made a new anchor. */
  readonly isNew: Uint8Array
  /** Centred cosine to the nearest anchor that was there before, −1…1; 0 if there was none. */
  readonly similarities: Float32Array
  /** Mean centred cosine of the five nearest, −1…1. */
  readonly nearness: Float32Array
  /**
   * ≥ 0: deviations by which the nearness lies below what is usual. Of texts from outside all topics 1.25 finds about half, at the price of
   * 3 % of the others; 1.5 finds a quarter, at 1.5 %.
   */
  readonly outlierScores: Float32Array
  /** Topic for now, until a run says otherwise; 0 for none. */
  readonly topics: BigUint64Array
  /** The topic with the second most votes, 0 for none. */
  readonly secondTopics: BigUint64Array
  /** The most voted topic's part of the votes, 0…1. */
  readonly voteShares: Float32Array
}

/** What became of messages in a clusterer before this one; arrays of shape (rows), 0 = none. */
export interface Past {
  readonly anchorIds: BigUint64Array
  readonly topics: BigUint64Array
}

/**
 * @param ids one per row: equal texts have equal ids, none is 0
 * @param past where the messages went before: they go there again, as far as it is known what that was
 */
export function assignMessages(state: State, vectors: Matrix, ids: BigUint64Array, past?: Past): Assigned {
  const { rows } = vectors
  const assigned: Assigned = {
    anchorIds: new BigUint64Array(rows),
    isNew: new Uint8Array(rows),
    similarities: new Float32Array(rows),
    nearness: new Float32Array(rows),
    outlierScores: new Float32Array(rows),
    topics: new BigUint64Array(rows),
    secondTopics: new BigUint64Array(rows),
    voteShares: new Float32Array(rows),
  }
  const halves = new Uint32Array(ids.slice().buffer)
  const { landmarks: limit, slack } = state.options
  for (let first = 0; first < rows; first += blockRows) {
    assignBlock(state, { vectors, halves, past }, first, Math.min(blockRows, rows - first), assigned)
    if (state.landmarks.count > limit + slack) evictLandmarks(state, limit)
  }
  return assigned
}

interface Messages {
  readonly vectors: Matrix
  /** The ids as pairs of low and high half. */
  readonly halves: Uint32Array
  readonly past: Past | undefined
}

function assignBlock(state: State, { vectors, halves, past }: Messages, first: number, size: number, out: Assigned): void {
  const { landmarks, anchors } = state
  landmarks.reserve(landmarks.count + size)
  const { kernel } = landmarks
  const { stride } = kernel
  const known = landmarks.count
  const raw = new Int16Array(size * stride)
  const hasVector = Array.from({ length: size }, (_, q) => quantizeRow(vectors, first + q, raw, q * stride))
  for (let q = 0; q < size; q += 1) centreRow(raw, q * stride, landmarks.mean, kernel.queries, q * stride)
  kernel.rows.set(kernel.queries.subarray(0, size * stride), known * stride) // so that the block is compared with itself too
  const scoreStride = kernel.dots(size, 0, known + size)
  const cosine = state.isCentred ? state.options.duplicateSimilarity : state.options.uncentredDuplicateSimilarity
  const duplicateDot = cosine / cosinePerDot
  const top = createTopList(listWidth)
  const created: number[] = [] // queries of this block that became the landmarks known, known + 1, …

  for (let q = 0; q < size; q += 1) {
    if (hasVector[q] !== true) continue
    const row = first + q
    const dotsAt = q * scoreStride
    top.count = 0
    offerRows(top, kernel, q, known)
    created.forEach((other, c) => offer(top, known + c, kernel.scores[dotsAt + known + other]!))
    const vote = voteTopic(state, top)
    const near = nearnessOf(top.dots, 0, top.count)
    out.similarities[row] = top.count === 0 ? 0 : top.dots[0]! * cosinePerDot
    out.nearness[row] = near
    out.outlierScores[row] = outlierScore(state, near)
    out.secondTopics[row] = state.topics.idOf(vote.second)
    out.voteShares[row] = vote.share

    const low = halves[row * 2]!
    const high = halves[row * 2 + 1]!
    let anchor = anchors.find(low, high)
    const pastAnchor = past?.anchorIds[row] ?? 0n
    if (anchor < 0) {
      if (pastAnchor !== 0n) anchor = anchors.findId(pastAnchor)
      else if (top.count > 0 && top.dots[0]! >= duplicateDot) anchor = landmarks.anchors[top.ids[0]!]!
      if (anchor >= 0) anchors.alias(low, high, anchor)
    }
    if (anchor < 0) {
      anchor = pastAnchor === 0n ? anchors.add(low, high) : anchors.addId(pastAnchor)
      anchors.alias(low, high, anchor)
      const pastTopic = state.topics.find(past?.topics[row] ?? 0n)
      const topic = pastTopic < 0 ? vote.topic : pastTopic
      anchors.topics[anchor] = topic
      anchors.machineTopics[anchor] = topic
      const slot = landmarks.count
      kernel.rows.copyWithin(slot * stride, (known + q) * stride, (known + q + 1) * stride)
      anchors.places[anchor] = landmarks.append({ raw, rawAt: q * stride, anchor, run: state.run, nearest: top, query: q, known })
      created.forEach((other, c) => landmarks.link(known + c, slot, kernel.scores[dotsAt + known + other]!))
      created.push(q)
      out.isNew[row] = 1
    } else weigh(state, anchor)
    count(state, anchor)
    out.anchorIds[row] = anchors.ids[anchor]!
    out.topics[row] = state.topics.idOf(anchors.topics[anchor]!)
  }
}

/** One more message of an anchor that was there. */
function weigh({ anchors, landmarks }: State, anchor: number): void {
  const slot = anchors.landmarkOf(anchor)
  landmarks.mass[slot] = landmarks.mass[slot]! + 1
}

function count(state: State, anchor: number): void {
  const { anchors } = state
  anchors.counts[anchor] = anchors.counts[anchor]! + 1
  state.seen += 1
}

const repeatsPerNews = 4 // so many messages whose texts are known make a run as due as one new text

/** Takes one more message of a known text in. It tells the next run little. @throws RangeError for an unknown one */
export function addAgain(state: State, id: bigint): { anchorId: bigint; topic: bigint } {
  const { anchors, topics } = state
  const anchor = anchors.findId(id)
  if (anchor < 0) throw new RangeError(`id: expected one that was added before, got ${id}`)
  weigh(state, anchor)
  count(state, anchor)
  if (state.run > 0 && state.seen % repeatsPerNews !== 0) state.dueAt += 1
  return { anchorId: anchors.ids[anchor]!, topic: topics.idOf(anchors.topics[anchor]!) }
}

/** The landmarks nearest to one vector. @returns undefined for a zero vector */
export function searchNearest(state: State, vector: Float32Array, size: number): TopList | undefined {
  const { landmarks } = state
  const { kernel } = landmarks
  const raw = new Int16Array(kernel.stride)
  if (!quantizeRow({ data: vector, rows: 1, cols: vector.length }, 0, raw, 0)) return undefined
  centreRow(raw, 0, landmarks.mean, kernel.queries, 0)
  kernel.dots(1, 0, landmarks.count)
  const top = createTopList(size)
  offerRows(top, kernel, 0, landmarks.count)
  return top
}
