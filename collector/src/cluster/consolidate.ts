/** A run: looks at all landmarks anew, keeps what topics it can, and moves every anchor to where it belongs now. */
import { type Constraints, compileEdits } from './edits.ts'
import { unit } from './dot-kernel.ts'
import { evictLandmarks } from './evict.ts'
import { type Graph, neighborGraph } from './graph.ts'
import { leiden, modularity, renumber } from './leiden.ts'
import { listWidth } from './neighbor-lists.ts'
import { lastTopics, placeLandmarks } from './place.ts'
import { createRandom } from './random.ts'
import { placesBefore, reportRun, type Run } from './report.ts'
import { selectResolution } from './resolution.ts'
import { revoteEvicted } from './revote.ts'
import { nextRunAt } from './schedule.ts'
import { editedTopic, type State } from './state.ts'
import { findSubtopics, reparentSubtopics } from './subtopics.ts'
import { groupThemes } from './themes.ts'
import { nearnessOf } from './vote.ts'

const selectionGrowth = 1.5 // messages ÷ messages at the last search for a resolution, while the graph grows with them
const fullSelectionGrowth = 2 // when there are as many landmarks as there may be: then only what they are changes
const nodesPerNeighbor = 12 // small graphs get fewer neighbours, or everything would be one community
const fewestNeighbors = 3
const unrelatedCosine = 0.15 // centred; among few texts even the nearest may be unrelated, among many hardly any

/** Runs now, due or not. @param edits what holds from now on; without it, what held before */
export function consolidate(state: State, edits: Constraints = state.edits): Run {
  const phase = createPhases(state.options.now)
  const { options, landmarks } = state
  const before = placesBefore(state)
  phase.time('evict', () => evictLandmarks(state, options.landmarks))
  state.run += 1
  adoptEdits(state, edits)
  const isFirst = state.resolution === 0 // in this vector space
  const growth = landmarks.count < options.landmarks ? selectionGrowth : fullSelectionGrowth
  const isSelecting = isFirst || state.seen >= growth * state.seenAtSelection
  if (isSelecting && landmarks.count >= options.meanLandmarks) {
    phase.time('recentre', () => landmarks.recentre())
    state.isCentred = true
  }
  const k = Math.min(options.neighbors, Math.max(fewestNeighbors, Math.floor(landmarks.count / nodesPerNeighbor)))
  const graph = phase.time('graph', () => neighborGraph(landmarks.lists, landmarks.count, k, unrelatedDot(state)))
  if (isSelecting) phase.time('resolution', () => updateResolution(state, graph))
  const old = lastTopics(state)
  const communities = phase.time('topics', () =>
    leiden(graph, {
      resolution: state.resolution,
      initial: isFirst ? old.map(() => -1) : old,
      random: createRandom(options.seed, state.run),
    }),
  )
  phase.time('place', () => placeLandmarks(state, communities, renumber(communities).count, old))
  phase.time('subtopics', () => findSubtopics(state, graph))
  phase.time('revote', () => revoteEvicted(state))
  phase.time('themes', () => groupThemes(state))
  state.nearness = landmarkNearness(state)
  const report = phase.time('report', () => reportRun(state, before))
  state.lastClustering = state.run
  state.anchorsAtRun = state.anchors.count
  state.dueAt = nextRunAt(state.seen, options)
  return { ...report, modularity: modularity(graph, communities, state.resolution), phasesMs: phase.ms }
}

/** Puts edits into force at once: only the anchors they name or whose topic they name move. */
export function applyEdits(state: State, edits: Constraints): Run {
  const phase = createPhases(state.options.now)
  const before = placesBefore(state)
  state.run += 1
  phase.time('edits', () => adoptEdits(state, edits))
  const report = phase.time('report', () => reportRun(state, before))
  return { ...report, modularity: 0, phasesMs: phase.ms }
}

/** Makes `edits` the ones in force, and takes back those that are gone. */
function adoptEdits(state: State, edits: Constraints): void {
  const { anchors, topics } = state
  if (edits.length === 0 && state.edits.length === 0) return
  takeBackSplits(state, edits)
  state.edits = edits
  state.compiledEdits = compileEdits(edits, topics, anchors)
  let hasMoved = false
  for (let anchor = 0; anchor < anchors.count; anchor += 1) {
    const topic = editedTopic(state, anchor)
    hasMoved ||= topic !== anchors.topics[anchor]
    anchors.topics[anchor] = topic
  }
  if (hasMoved) reparentSubtopics(state)
}

/** What came to a split-off topic by itself goes back to where the topic was split from. */
function takeBackSplits({ anchors, topics, edits }: State, kept: Constraints): void {
  const keptIds = new Set(kept.map((edit) => (edit.kind === 'split' ? edit.into : 0n)))
  const origins = new Map<number, number>()
  for (const edit of edits) {
    if (edit.kind === 'split' && !keptIds.has(edit.into)) origins.set(topics.find(edit.into), topics.find(edit.from))
  }
  if (origins.size === 0) return
  for (let anchor = 0; anchor < anchors.count; anchor += 1) {
    const origin = origins.get(anchors.machineTopics[anchor]!)
    if (origin !== undefined) anchors.machineTopics[anchor] = origin
  }
}

/** Dot product up to which two texts have no more in common than any two. */
function unrelatedDot({ landmarks }: State): number {
  const mean = landmarks.meanDot()
  return mean + unrelatedCosine * (unit * unit - mean)
}

function updateResolution(state: State, graph: Graph): void {
  const { resolution, silhouette } = selectResolution(state.landmarks, graph, { run: state.run, last: state.resolution }, state.options)
  const factor = Math.max(resolution / state.resolution, state.resolution / resolution)
  if (state.resolution === 0 || factor > state.options.resolutionStep) state.resolution = resolution
  state.silhouette = silhouette
  state.seenAtSelection = state.seen
}

function landmarkNearness({ landmarks }: State): State['nearness'] {
  const { dots, counts } = landmarks.lists
  const values = Float64Array.from({ length: landmarks.count }, (_, slot) => nearnessOf(dots, slot * listWidth, counts[slot]!))
  const median = medianOf(values)
  return { median, deviation: medianOf(values.map((value) => Math.abs(value - median))) }
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort()
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Times the phases of a run. */
function createPhases(now: () => number): { ms: Record<string, number>; time: <T>(name: string, work: () => T) => T } {
  const ms: Record<string, number> = {}
  return {
    ms,
    time(name, work) {
      const start = now()
      const result = work()
      ms[name] = now() - start
      return result
    },
  }
}
