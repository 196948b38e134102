/** Everything a clusterer knows. */
import { Anchors } from './anchors.ts'
import { type CompiledEdits, type Constraints, followMerges, noEdits } from './edits.ts'
import { Landmarks } from './landmarks.ts'
import type { ClustererOptions } from './options.ts'
import { TopicTable } from './topic-table.ts'

export interface State {
  readonly options: ClustererOptions
  readonly landmarks: Landmarks
  readonly anchors: Anchors
  readonly subtopics: TopicTable
  readonly topics: TopicTable
  readonly themes: TopicTable
  /** Messages with a vector. */
  seen: number
  /** Counts runs and edits: the version of everything. */
  run: number
  /** The value of `run` after the last clustering; 0 before the first. */
  lastClustering: number
  /** Number of messages from which the next run is due. */
  dueAt: number
  /** Anchors at the last run. */
  anchorsAtRun: number
  /** Messages when the resolution was last looked for. */
  seenAtSelection: number
  /** 0 before the first run. */
  resolution: number
  silhouette: number
  /** Has the landmarks' mean been taken from the vectors? */
  isCentred: boolean
  /** How near landmarks lie to their neighbours: median and median absolute deviation of the mean cosine of the five nearest. */
  nearness: { median: number; deviation: number }
  edits: Constraints
  compiledEdits: CompiledEdits
}

export function createState(dimensions: number, options: ClustererOptions): State {
  return {
    options,
    landmarks: new Landmarks(dimensions),
    anchors: new Anchors(),
    subtopics: new TopicTable('subtopic'),
    topics: new TopicTable('topic'),
    themes: new TopicTable('theme'),
    seen: 0,
    run: 0,
    lastClustering: 0,
    dueAt: options.firstRun,
    anchorsAtRun: 0,
    seenAtSelection: 0,
    resolution: 0,
    silhouette: 0,
    isCentred: false,
    nearness: { median: 0, deviation: 0 },
    edits: [],
    compiledEdits: noEdits,
  }
}

/** The topic of the landmark in a slot, −1 for none. */
export function landmarkTopic(state: State, slot: number): number {
  return state.anchors.topics[state.landmarks.anchors[slot]!]!
}

/** Was the landmark there at the last clustering? */
export function isOldLandmark(state: State, slot: number): boolean {
  return state.landmarks.arrivedRun[slot]! < state.lastClustering
}

/** The topic people see for an anchor, from the machine's topic and the edits. */
export function editedTopic(state: State, anchor: number): number {
  const { overrides, mergedInto } = state.compiledEdits
  const topic = overrides.get(anchor) ?? state.anchors.machineTopics[anchor]!
  return followMerges(mergedInto, state.topics.living(topic))
}

/** Puts an anchor into a topic, and says so to the machine unless a person has placed the anchor. */
export function placeAnchor(state: State, anchor: number, topic: number): void {
  const { anchors } = state
  if (anchors.topics[anchor] === topic) return
  anchors.topics[anchor] = topic
  if (!state.compiledEdits.overrides.has(anchor)) anchors.machineTopics[anchor] = topic
}
