/** Keeps the number of landmarks bounded: those of big topics go first, for they are missed least. */
import { weightUnit } from './anchors.ts'
import { listWidth } from './neighbor-lists.ts'
import { pointers } from './options.ts'
import { createRandom } from './random.ts'
import { landmarkTopic, type State } from './state.ts'
import { createTopList, offer, type TopList } from './top-list.ts'
import { voteWeight } from './vote.ts'

const newestPart = 0.1
const newestWeight = 0.1 // what has just arrived may be the first of a new topic

/** Evicts landmarks down to `limit`. */
export function evictLandmarks(state: State, limit: number): void {
  const { landmarks, options } = state
  if (landmarks.count <= limit) return
  evictSlots(state, drawEvicted(state, landmarks.count - limit))
  landmarks.repairLists(options.neighbors)
}

/**
 * Evicts the marked landmarks, not all. Each evicted anchor keeps pointers to its five nearest survivors; the nearest takes its mass.
 * Leaves neighbour lists that may be short.
 * @param isEvicted shape (landmarks), 0 or 1
 */
export function evictSlots(state: State, isEvicted: Uint8Array): void {
  const { landmarks, anchors } = state
  const evicted: number[] = []
  const newSlots = new Int32Array(landmarks.count)
  let kept = 0
  isEvicted.forEach((gone, slot) => {
    newSlots[slot] = gone === 1 ? -1 : kept
    if (gone === 1) evicted.push(slot)
    else kept += 1
  })
  const survivors = nearestSurvivors(state, evicted, isEvicted)
  evicted.forEach((slot, e) => leaveLandmarks(state, slot, survivors[e]!))
  landmarks.compact(newSlots)
  for (let slot = 0; slot < landmarks.count; slot += 1) anchors.places[landmarks.anchors[slot]!] = slot
}

/** Draws `excess` landmarks without replacement, each with weight √(landmarks of its topic). Source: Efraimidis & Spirakis 2006. */
function drawEvicted(state: State, excess: number): Uint8Array {
  const { landmarks, options, compiledEdits } = state
  const sizes = new Map<number, number>()
  for (let slot = 0; slot < landmarks.count; slot += 1) {
    const topic = landmarkTopic(state, slot)
    sizes.set(topic, (sizes.get(topic) ?? 0) + 1)
  }
  const random = createRandom(options.seed, state.run, state.seen)
  const newest = Math.floor(landmarks.count * (1 - newestPart))
  const keys = new Float64Array(landmarks.count)
  for (let slot = 0; slot < landmarks.count; slot += 1) {
    const topic = landmarkTopic(state, slot)
    const size = topic < 0 ? 1 : sizes.get(topic)!
    const weight = Math.sqrt(size) * (slot >= newest ? newestWeight : 1)
    const draw = -Math.log(1 - random.next()) / weight
    const isLast = compiledEdits.held.has(topic) && size <= options.minTopicMass
    keys[slot] = isLast ? draw + 1e6 : draw // a topic that people have edited keeps some to be found by
  }
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!)
  const isEvicted = new Uint8Array(landmarks.count)
  for (const slot of order.subarray(0, excess)) isEvicted[slot] = 1
  return isEvicted
}

/** The five nearest survivors of each evicted landmark: from its list, or by a search if too few of that list survive. */
function nearestSurvivors(state: State, evicted: readonly number[], isEvicted: Uint8Array): TopList[] {
  const { lists, kernel, count } = state.landmarks
  const found = evicted.map((slot) => {
    const top = createTopList(pointers)
    const end = slot * listWidth + lists.counts[slot]!
    for (let at = slot * listWidth; at < end; at += 1) {
      if (isEvicted[lists.ids[at]!] === 0) offer(top, lists.ids[at]!, lists.dots[at]!)
    }
    return top
  })
  const short = new Map(evicted.map((slot, e) => [slot, found[e]!] as const).filter(([, top]) => top.count < pointers))
  state.landmarks.searchSlots([...short.keys()], (slot, query) => {
    const top = short.get(slot)!
    top.count = 0
    for (let other = 0; other < count; other += 1) {
      if (isEvicted[other] === 0) offer(top, other, kernel.scores[query * kernel.capacity + other]!)
    }
  })
  return found
}

function leaveLandmarks(state: State, slot: number, survivors: TopList): void {
  const { landmarks, anchors } = state
  const anchor = landmarks.anchors[slot]!
  for (let p = 0; p < pointers; p += 1) {
    const isThere = p < survivors.count
    anchors.pointers[anchor * pointers + p] = isThere ? landmarks.anchors[survivors.ids[p]!]! : -1
    anchors.weights[anchor * pointers + p] = isThere ? Math.round(voteWeight(survivors.dots[p]!) * weightUnit) : 0
  }
  const heir = survivors.ids[0]!
  landmarks.mass[heir] = landmarks.mass[heir]! + landmarks.mass[slot]!
  anchors.places[anchor] = -1 - landmarks.anchors[heir]!
}
