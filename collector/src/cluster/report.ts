/** The outcome of a run, for those who publish it. */
import { centralLandmarks, centresOf, nearestRows } from './centres.ts'
import { Flows, type LineageStep } from './lineage.ts'
import { landmarkTopic, type State } from './state.ts'
import type { Level, TopicTable } from './topic-table.ts'

/** A topic of any level that has messages. */
export interface RunTopic {
  readonly id: bigint
  readonly level: Level
  /** The topic one level up, 0 for a theme. */
  readonly parentId: bigint
  /** Messages. */
  readonly mass: number
  /** Mean direction of its messages, length 1, comparable with the vectors that were added; all zero if it has no landmark left. */
  readonly centroid: Float32Array
  /** Up to 12 anchors nearest to the middle, most central first. */
  readonly centralAnchorIds: BigUint64Array
  /** The three most alike topics of its level. */
  readonly nearestIds: readonly bigint[]
}

/** Anchors that belong elsewhere than before the run; arrays of one length, 0 = none. */
export interface ChangedAnchors {
  readonly anchorIds: BigUint64Array
  readonly subtopicIds: BigUint64Array
  readonly topicIds: BigUint64Array
  readonly themeIds: BigUint64Array
}

/** What a run or an edit did. */
export interface Run {
  /** Counts runs and edits from 1. */
  readonly version: number
  /** Messages seen. */
  readonly messages: number
  /** Every living topic, subtopics first, then topics, then themes. */
  readonly topics: readonly RunTopic[]
  readonly changedAnchors: ChangedAnchors
  /** Of all levels. */
  readonly lineage: readonly (LineageStep & { readonly level: Level })[]
  /** Leiden's resolution. */
  readonly gamma: number
  /** Of the communities at that resolution; 0 for an edit. */
  readonly modularity: number
  /** Best silhouette when the resolution was last looked for, −1…1. */
  readonly silhouette: number
  /** Share of the messages known at the last run whose topic is another now, 0…1. */
  readonly churn: number
  /** Positions of edits that name a topic nobody knows. */
  readonly ignoredEdits: readonly number[]
  /** Milliseconds by phase. */
  readonly phasesMs: Readonly<Record<string, number>>
}

const centralAnchors = 12
const alikeTopics = 3

/** Where everything was before a run. */
export interface Before {
  readonly topics: Int32Array
  readonly subtopics: Int32Array
  readonly themeOfTopic: readonly number[]
}

export function placesBefore({ anchors, topics }: State): Before {
  return {
    topics: anchors.topics.slice(0, anchors.count),
    subtopics: anchors.subtopics.slice(0, anchors.count),
    themeOfTopic: topics.parents.slice(),
  }
}

/** Describes the state as it is now and what changed since `before`. */
export function reportRun(state: State, before: Before): Omit<Run, 'modularity' | 'phasesMs'> {
  const { anchors, subtopics, topics, themes } = state
  const flows = { subtopic: new Flows(subtopics.size), topic: new Flows(topics.size), theme: new Flows(themes.size) }
  const changed: number[] = []
  let moved = 0
  let known = 0
  for (let anchor = 0; anchor < anchors.count; anchor += 1) {
    const mass = anchors.counts[anchor]!
    const [oldTopic, topic] = [before.topics[anchor]!, anchors.topics[anchor]!]
    const [oldSubtopic, subtopic] = [before.subtopics[anchor]!, anchors.subtopics[anchor]!]
    const [oldTheme, theme] = [before.themeOfTopic[oldTopic] ?? -1, topics.parents[topic] ?? -1]
    flows.topic.add(oldTopic, topic, mass)
    flows.subtopic.add(oldSubtopic, subtopic, mass)
    flows.theme.add(oldTheme, theme, mass)
    if (oldTopic !== topic || oldSubtopic !== subtopic || oldTheme !== theme) changed.push(anchor)
    if (anchor < state.anchorsAtRun) {
      known += mass
      if (oldTopic !== topic) moved += mass
    }
  }
  const lineageOf = (table: TopicTable): Run['lineage'] =>
    flows[table.level].steps((topic) => table.ids[topic]!).map((step) => ({ ...step, level: table.level }))
  return {
    version: state.run,
    messages: state.seen,
    topics: [
      ...describeLevel(state, subtopics, flows.subtopic.after, (slot) => anchors.subtopics[state.landmarks.anchors[slot]!]!, topics),
      ...describeLevel(state, topics, flows.topic.after, (slot) => landmarkTopic(state, slot), themes),
      ...describeLevel(state, themes, flows.theme.after, (slot) => topics.parents[landmarkTopic(state, slot)] ?? -1),
    ],
    changedAnchors: changedAnchors(state, changed),
    lineage: [...lineageOf(subtopics), ...lineageOf(topics), ...lineageOf(themes)],
    gamma: state.resolution,
    silhouette: state.silhouette,
    churn: known === 0 ? 0 : moved / known,
    ignoredEdits: state.compiledEdits.ignored,
  }
}

function changedAnchors({ anchors, subtopics, topics, themes }: State, changed: readonly number[]): ChangedAnchors {
  const column = (idOf: (anchor: number) => bigint): BigUint64Array => BigUint64Array.from(changed, idOf)
  return {
    anchorIds: column((anchor) => anchors.ids[anchor]!),
    subtopicIds: column((anchor) => subtopics.idOf(anchors.subtopics[anchor]!)),
    topicIds: column((anchor) => topics.idOf(anchors.topics[anchor]!)),
    themeIds: column((anchor) => themes.idOf(topics.parents[anchors.topics[anchor]!] ?? -1)),
  }
}

/** @param mass of each topic, 0 where it does not live */
function describeLevel(
  state: State,
  table: TopicTable,
  mass: Float64Array,
  topicOfSlot: (slot: number) => number,
  parents?: TopicTable,
): RunTopic[] {
  const { landmarks, anchors } = state
  const living = [...mass.keys()].filter((topic) => mass[topic]! > 0)
  const position = new Map(living.map((topic, i) => [topic, i]))
  const groups = Int32Array.from({ length: landmarks.count }, (_, slot) => position.get(topicOfSlot(slot)) ?? -1)
  const { raw, centred } = centresOf(landmarks, groups, living.length)
  const central = centralLandmarks(landmarks, groups, centred, centralAnchors)
  const nearest = nearestRows(centred, alikeTopics)
  return living.map((topic, i) => ({
    id: table.ids[topic]!,
    level: table.level,
    parentId: parents?.idOf(table.parents[topic]!) ?? 0n,
    mass: mass[topic]!,
    centroid: raw.data.slice(i * raw.cols, (i + 1) * raw.cols),
    centralAnchorIds: BigUint64Array.from(central[i]!.ids.subarray(0, central[i]!.count), (slot) => anchors.ids[landmarks.anchors[slot]!]!),
    nearestIds: nearest[i]!.map((other) => table.ids[living[other]!]!),
  }))
}
