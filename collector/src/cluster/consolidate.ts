/** A run: looks at all landmarks anew, keeps what topics it can, and moves every anchor to where it belongs now. */
import { compileEdits } from './edits.ts'
import { evictLandmarks } from './evict.ts'
import { type Graph, neighborGraph } from './graph.ts'
import { leiden, modularity } from './leiden.ts'
import { listWidth } from './neighbor-lists.ts'
import { placeLandmarks } from './place.ts'
import { createRandom } from './random.ts'
import { type Before, reportRun, type Run, snapshotBefore } from './report.ts'
import { selectResolution } from './resolution.ts'
import { revoteEvicted } from './revote.ts'
import { createState, editedTopic, landmarkTopic, type State } from './state.ts'
import { findSubtopics, reparentSubtopics } from './subtopics.ts'
import { groupThemes } from './themes.ts'
import type { Constraints } from './edits.ts'
import { nearnessOf } from './vote.ts'

const selectionGrowth = 1.5 // messages ÷ messages at the last search for a resolution
const nodesPerNeighbor = 12 // small graphs get fewer neighbours, or everything would be one community
const fewestNeighbors = 3

/** Runs now, due or not. @param edits what holds from now on; without it, what held before */
export function consolidate(state: State, edits?: Constraints): Run {
  const clock = createPhases(state.options.now)
  const before = snapshotBefore(state)
  evictLandmarks(state, state.options.landmarks)
  state.run += 1
  clock.end('evict')
  if (edits !== undefined) adoptEdits(state, edits)
  const isSelecting = state.resolution === 0 || state.seen >= selectionGrowth * state.seenAtSelection
  if (isSelecting && state.landmarks.count >= state.options.meanLandmarks) {
    state.landmarks.recentre()
    state.isCentred = true
  }
  clock.end('recentre')
  const { landmarks, options } = state
  const k = Math.min(options.neighbors, Math.max(fewestNeighbors, Math.floor(landmarks.count / nodesPerNeighbor)))
  const graph = neighborGraph(landmarks.lists, landmarks.count, k)
  clock.end('graph')
  if (isSelecting) updateResolution(state, graph)
  clock.end('resolution')
  const communities = leiden(graph, { resolution: state.resolution, initial: lastTopics(state), random: createRandom(options.seed, state.run) })
  clock.end('topics')
  placeLandmarks(state, communities)
  clock.end('place')
  findSubtopics(state, graph)
  clock.end('subtopics')
  revoteEvicted(state)
  clock.end('revote')
  groupThemes(state)
  state.nearness = landmarkNearness(state)
  clock.end('themes')
  const run = reportRun(state, before, { modularity: modularity(graph, communities, state.resolution) })
  finishRun(state)
  clock.end('report')
  return { ...run, phasesMs: clock.phases }
}

/** Puts edits into force at once, and moves nothing else. */
export function applyEdits(state: State, edits: Constraints): Run {
  const clock = createPhases(state.options.now)
  const before = snapshotBefore(state)
  state.run += 1
  adoptEdits(state, edits)
  clock.end('edits')
  const run = reportRun(state, before, { modularity: 0 })
  clock.end('report')
  return { ...run, phasesMs: clock.phases }
}
