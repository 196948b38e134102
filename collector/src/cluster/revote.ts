/** Moves the anchors that are landmarks no more along with the landmarks they point to. */
import { pointers } from './options.ts'
import { editedTopic, placeAnchor, type State } from './state.ts'

/** Lets every evicted anchor's pointers vote for its topic, and for its subtopic within that. */
export function revoteEvicted(state: State): void {
  const { anchors, landmarks, compiledEdits } = state
  const { inertia } = state.options
  const targets = new Int32Array(pointers)
  const votes = new Tally()
  for (let anchor = 0; anchor < anchors.count; anchor += 1) {
    if (anchors.places[anchor]! >= 0) continue
    const start = anchor * pointers
    let size = 0
    for (; size < pointers && anchors.pointers[start + size]! >= 0; size += 1) {
      const target = landmarks.anchors[anchors.landmarkOf(anchors.pointers[start + size]!)]!
      anchors.pointers[start + size] = target
      targets[size] = target
    }

    if (compiledEdits.overrides.has(anchor)) {
      placeAnchor(state, anchor, editedTopic(state, anchor))
    } else if (!compiledEdits.held.has(anchors.topics[anchor]!)) {
      votes.clear()
      for (let p = 0; p < size; p += 1) votes.add(anchors.topics[targets[p]!]!, anchors.weights[start + p]!)
      placeAnchor(state, anchor, votes.winner(anchors.topics[anchor]!, inertia))
    }

    const topic = anchors.topics[anchor]!
    votes.clear()
    for (let p = 0; p < size; p += 1) {
      if (anchors.topics[targets[p]!] === topic) votes.add(anchors.subtopics[targets[p]!]!, anchors.weights[start + p]!)
    }
    anchors.subtopics[anchor] = topic < 0 ? -1 : votes.winner(anchors.subtopics[anchor]!, inertia)
  }
}

/** Adds up a few votes. */
class Tally {
  private readonly names = new Int32Array(pointers)
  private readonly sums = new Float64Array(pointers)
  private size = 0

  clear(): void {
    this.size = 0
  }

  /** Votes for −1 do not count. */
  add(name: number, weight: number): void {
    if (name < 0) return
    for (let i = 0; i < this.size; i += 1) {
      if (this.names[i] !== name) continue
      this.sums[i] = this.sums[i]! + weight
      return
    }
    this.names[this.size] = name
    this.sums[this.size] = weight
    this.size += 1
  }

  /** The name with most votes, or `old` if that has any and not `inertia` times fewer; −1 without votes. */
  winner(old: number, inertia: number): number {
    let best = -1
    let bestSum = 0
    let oldSum = 0
    for (let i = 0; i < this.size; i += 1) {
      if (this.names[i] === old) oldSum = this.sums[i]!
      if (best >= 0 && this.sums[i]! <= bestSum) continue
      best = this.names[i]!
      bestSum = this.sums[i]!
    }
    return oldSum > 0 && inertia * oldSum >= bestSum ? old : best
  }
}
