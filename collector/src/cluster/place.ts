/** Turns the communities of a run into topics: ids by what they share with the old ones, moves only for good reasons. */
import { listWidth } from './neighbor-lists.ts'
import { matchGroups, unmatched } from './match.ts'
import { voters } from './options.ts'
import { editedTopic, isOldLandmark, landmarkTopic, placeAnchor, type State } from './state.ts'

/** Where each landmark was at the last clustering, −1 for newcomers and the unclustered; a person's placing counts always. */
export function lastTopics(state: State): Int32Array {
  const { landmarks, compiledEdits } = state
  return Int32Array.from({ length: landmarks.count }, (_, slot) =>
    isOldLandmark(state, slot) || compiledEdits.overrides.has(landmarks.anchors[slot]!) ? landmarkTopic(state, slot) : -1,
  )
}

/**
 * Gives every landmark its topic.
 * @param communities every landmark's community, 0 … communityCount−1
 * @param old as `lastTopics` gives it
 */
export function placeLandmarks(state: State, communities: Int32Array, communityCount: number, old: Int32Array): void {
  const { landmarks, compiledEdits } = state
  const isHeld = (slot: number): boolean => compiledEdits.held.has(old[slot]!) || compiledEdits.overrides.has(landmarks.anchors[slot]!)
  const topicOf = nameCommunities(state, communities, communityCount, old)
  const placed = communities.map((community, slot) => (isHeld(slot) ? old[slot]! : topicOf[community]!))
  keepByInertia(state, placed, old, new Set(topicOf))
  joinHeldTopics(state, placed, communities, topicOf, old)
  noteSuccessors(state, placed, old)
  placed.forEach((topic, slot) => {
    const anchor = landmarks.anchors[slot]!
    placeAnchor(state, anchor, compiledEdits.overrides.has(anchor) ? editedTopic(state, anchor) : topic)
  })
}

/** The topic of every community: an old one's, a new one's, or −1 where there are too few messages. */
function nameCommunities(state: State, communities: Int32Array, communityCount: number, old: Int32Array): Int32Array {
  const { landmarks, topics, options, compiledEdits } = state
  const mass = landmarks.mass.subarray(0, landmarks.count)
  const isOld = Uint8Array.from(old, (_, slot) => (isOldLandmark(state, slot) ? 1 : 0))
  const topicOf = matchGroups({
    groups: communities,
    groupCount: communityCount,
    topics: old,
    topicCount: topics.size,
    mass,
    isOld,
    held: compiledEdits.held,
  })
  const firstSlots = new Int32Array(communityCount).fill(-1)
  const communityMass = new Float64Array(communityCount)
  communities.forEach((community, slot) => {
    if (firstSlots[community]! < 0) firstSlots[community] = slot
    communityMass[community] = communityMass[community]! + mass[slot]!
  })
  return topicOf.map((topic, community) => {
    if (topic !== unmatched && compiledEdits.held.has(topic)) return topic
    if (communityMass[community]! < options.minTopicMass) return -1
    return topic === unmatched ? topics.mint(state.anchors.ids[landmarks.anchors[firstSlots[community]!]!]!, state.run) : topic
  })
}

/** An old landmark stays in a living topic unless its neighbours speak for the new one `inertia` times as loud. */
function keepByInertia(state: State, placed: Int32Array, old: Int32Array, living: ReadonlySet<number>): void {
  for (let slot = 0; slot < placed.length; slot += 1) {
    const from = old[slot]!
    const to = placed[slot]!
    if (from < 0 || from === to || !living.has(from)) continue
    const votes = neighborCount(state, placed, slot, from)
    if (votes > 0 && state.options.inertia * votes >= neighborCount(state, placed, slot, to)) placed[slot] = from
  }
}

/** Newcomers in a community that a person's edit runs through go with most of their neighbours. */
function joinHeldTopics(state: State, placed: Int32Array, communities: Int32Array, topicOf: Int32Array, old: Int32Array): void {
  const { held, overrides } = state.compiledEdits
  if (held.size === 0) return
  const isCut = new Uint8Array(topicOf.length)
  communities.forEach((community, slot) => {
    if (held.has(old[slot]!) && old[slot] !== topicOf[community]) isCut[community] = 1
  })
  const settled = placed.slice()
  placed.forEach((own, slot) => {
    if (old[slot]! >= 0 || isCut[communities[slot]!] === 0 || overrides.has(state.landmarks.anchors[slot]!)) return
    let best = own
    let bestCount = neighborCount(state, settled, slot, own)
    for (const topic of held) {
      const count = neighborCount(state, settled, slot, topic)
      if (count > bestCount) [best, bestCount] = [topic, count]
    }
    placed[slot] = best
  })
}

/** Remembers of each topic that ended where most of its messages went. */
function noteSuccessors(state: State, placed: Int32Array, old: Int32Array): void {
  const { landmarks, topics, compiledEdits } = state
  const living = new Set<number>()
  placed.forEach((topic, slot) => {
    if (!compiledEdits.overrides.has(landmarks.anchors[slot]!)) living.add(topic)
  })
  const flows = new Map<number, Map<number, number>>()
  placed.forEach((topic, slot) => {
    const from = old[slot]!
    if (from < 0 || topic < 0 || living.has(from) || compiledEdits.held.has(from)) return
    const flow = flows.get(from) ?? new Map<number, number>()
    flow.set(topic, (flow.get(topic) ?? 0) + landmarks.mass[slot]!)
    flows.set(from, flow)
  })
  for (const [from, flow] of flows) {
    let best = -1
    for (const [to, mass] of flow) if (to !== from && (best < 0 || mass > flow.get(best)!)) best = to
    topics.successors[from] = best
  }
}

/** How many of the ten nearest neighbours of a landmark are in a topic. */
function neighborCount({ landmarks }: State, placed: Int32Array, slot: number, topic: number): number {
  const { ids, counts } = landmarks.lists
  const start = slot * listWidth
  let count = 0
  for (let k = 0; k < Math.min(voters, counts[slot]!); k += 1) if (placed[ids[start + k]!] === topic) count += 1
  return count
}
