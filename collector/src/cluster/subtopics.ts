/** The finer level: communities inside each topic, where new themes show first. */
import { type Graph, graphWithin } from './graph.ts'
import { leiden, renumber } from './leiden.ts'
import { matchGroups, unmatched } from './match.ts'
import { createRandom } from './random.ts'
import { isOldLandmark, landmarkTopic, type State } from './state.ts'

/** Gives every landmark with a topic its subtopic, or −1 where that would have too few messages. */
export function findSubtopics(state: State, graph: Graph): void {
  const { landmarks, anchors, subtopics, options } = state
  const n = landmarks.count
  const topics = Int32Array.from({ length: n }, (_, slot) => landmarkTopic(state, slot))
  const isOld = Uint8Array.from({ length: n }, (_, slot) => (isOldLandmark(state, slot) ? 1 : 0))
  const old = Int32Array.from({ length: n }, (_, slot) => (isOld[slot] === 1 ? anchors.subtopics[landmarks.anchors[slot]!]! : -1))
  const groups = leiden(graphWithin(graph, topics), {
    resolution: state.resolution * options.subtopicFactor,
    initial: cutByTopic(old, topics),
    random: createRandom(options.seed, state.run, 1),
  })
  const groupCount = renumber(groups).count
  const mass = landmarks.mass.subarray(0, n)
  const matched = matchGroups({ groups, groupCount, topics: old, topicCount: subtopics.size, mass, isOld, held: new Set() })
  const groupMass = new Float64Array(groupCount)
  groups.forEach((group, slot) => (groupMass[group] = groupMass[group]! + mass[slot]!))
  const subtopicOf = new Int32Array(groupCount).fill(unmatched)
  groups.forEach((group, slot) => {
    const anchor = landmarks.anchors[slot]!
    if (topics[slot]! < 0 || groupMass[group]! < options.minTopicMass) {
      anchors.subtopics[anchor] = -1
      return
    }
    if (subtopicOf[group] === unmatched) {
      const subtopic = matched[group] === unmatched ? subtopics.mint(anchors.ids[anchor]!, state.run) : matched[group]!
      subtopicOf[group] = subtopic
      subtopics.parents[subtopic] = topics[slot]!
    }
    anchors.subtopics[anchor] = subtopicOf[group]!
  })
}

/** A group for every pair of old subtopic and topic, −1 without either. */
function cutByTopic(subtopics: Int32Array, topics: Int32Array): Int32Array {
  const names = new Map<string, number>()
  return subtopics.map((subtopic, slot) => {
    if (subtopic < 0 || topics[slot]! < 0) return -1
    const pair = `${subtopic} ${topics[slot]!}`
    const name = names.get(pair) ?? names.size
    names.set(pair, name)
    return name
  })
}

/** After edits: a subtopic belongs to the topic of most of its messages, and loses those of other topics. */
export function reparentSubtopics({ anchors, subtopics, topics }: State): void {
  const masses = new Map<number, number>()
  for (let anchor = 0; anchor < anchors.count; anchor += 1) {
    if (anchors.subtopics[anchor]! < 0) continue
    const key = anchors.subtopics[anchor]! * (topics.size + 1) + anchors.topics[anchor]! + 1
    masses.set(key, (masses.get(key) ?? 0) + anchors.counts[anchor]!)
  }
  const best = new Map<number, number>()
  for (const [key, mass] of masses) {
    const subtopic = Math.floor(key / (topics.size + 1))
    if (mass <= (best.get(subtopic) ?? 0)) continue
    best.set(subtopic, mass)
    subtopics.parents[subtopic] = (key % (topics.size + 1)) - 1
  }
  for (let anchor = 0; anchor < anchors.count; anchor += 1) {
    const subtopic = anchors.subtopics[anchor]!
    if (subtopic >= 0 && subtopics.parents[subtopic] !== anchors.topics[anchor]) anchors.subtopics[anchor] = -1
  }
}
