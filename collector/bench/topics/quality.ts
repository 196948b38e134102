/** One set streamed once: how good, how stable and how expensive its topics are. */
import { majorities, type Scores, scoreGroups, Stream } from './stream.ts'
import type { EmbeddedTexts } from './texts.ts'

/** Everything one stream tells; shares are 0…1. */
export interface Quality {
  readonly topics: Scores
  readonly subtopics: Scores
  /** By the topics shown at arrival. */
  readonly liveAccuracy: number
  /** Topics and subtopics with five messages or more. */
  readonly topicCount: number
  readonly subtopicCount: number
  readonly classCount: number
  readonly unclustered: number
  /** Of topics with ten messages at half time: still there, and still mostly of the same class. */
  readonly alive: number
  readonly same: number
  /** `same` of topics that were at least 60 % of one class. */
  readonly samePure: number
  /** Share of earlier messages whose topic changed, per run after 2000 messages. */
  readonly churnMean: number
  readonly churnMax: number
  /** Messages with an outlier score of 1.5 or more, after 2000 messages. */
  readonly far: number
  readonly gamma: number
  /** Processor milliseconds per message, runs included. */
  readonly msPerMessage: number
}

const settledAt = 2000 // messages from which churn and far messages are counted
const leastMass = 10 // messages of a topic whose identity is followed
const pureShare = 0.6

/** @param rows the messages in order of arrival; a run is forced half way and at the end */
export function measureQuality(texts: EmbeddedTexts, rows: Int32Array): Quality {
  const churns: number[] = []
  let gamma = 0
  const stream = new Stream(texts.vectors.cols, (run, seen) => {
    if (seen > settledAt) churns.push(run.churn)
    gamma = run.gamma
  })
  const half = Math.floor(rows.length / 2)
  stream.add(texts, rows.subarray(0, half))
  stream.consolidate()
  const atHalf = majorities(
    stream.truth,
    stream.placements().map(({ topic }) => topic),
  )
  stream.add(texts, rows.subarray(half))
  stream.consolidate()

  const { truth, arrivals } = stream
  const placements = stream.placements()
  const topics = placements.map(({ topic }) => topic)
  const subtopics = placements.map(({ subtopic }) => subtopic)
  const atEnd = majorities(truth, topics)
  const followed = [...atHalf].filter(([topic, { size }]) => topic !== 0n && size >= leastMass)
  const isSame = ([topic, { label }]: (typeof followed)[number]): boolean => atEnd.get(topic)?.label === label
  const pure = followed.filter(([, { share }]) => share >= pureShare)
  return {
    topics: scoreGroups(truth, topics),
    subtopics: scoreGroups(truth, subtopics),
    liveAccuracy: scoreGroups(truth, arrivals.topics).accuracy,
    topicCount: countGroups(topics),
    subtopicCount: countGroups(subtopics),
    classCount: new Set(truth).size,
    unclustered: topics.filter((topic) => topic === 0n).length / topics.length,
    alive: share(followed, ([topic]) => atEnd.has(topic)),
    same: share(followed, isSame),
    samePure: share(pure, isSame),
    churnMean: churns.reduce((sum, churn) => sum + churn, 0) / churns.length,
    churnMax: Math.max(...churns),
    far: share(arrivals.outlierScores.slice(settledAt), (score) => score >= 1.5),
    gamma,
    msPerMessage: (stream.seconds * 1000) / rows.length,
  }
}

function countGroups(groups: readonly bigint[]): number {
  return new Set(groups.filter((group) => group !== 0n)).size
}

function share<T>(values: readonly T[], test: (value: T) => boolean): number {
  return values.filter(test).length / values.length
}
