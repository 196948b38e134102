/** Gives the groups of a new run the ids of the old one's topics, by the messages they share. */

/** What `matchGroups` compares; arrays of shape (points). */
export interface Matching {
  /** Every point's new group, 0 … groups−1. */
  readonly groups: Int32Array
  readonly groupCount: number
  /** Every point's topic before, −1 for none and for points that were not there. */
  readonly topics: Int32Array
  readonly topicCount: number
  /** Messages behind each point. */
  readonly mass: Float64Array
  /** Was the point there at the last run? Only those are compared. */
  readonly isOld: Uint8Array
  /** Topics that people have edited: any group that is mostly one of these is part of it. */
  readonly held: ReadonlySet<number>
}

/** Another value than a topic's index: the group has no topic yet. */
export const unmatched = -1

/**
 * Matches groups with topics, largest common mass first, each topic once. A topic lives on in a group that has half of its mass, or
 * whose mass is half its, or whose Jaccard index with it is ≥ .3.
 * @returns every group's topic or `unmatched`, shape (groupCount)
 */
export function matchGroups(matching: Matching): Int32Array {
  const { cells, groupMass, topicMass } = overlaps(matching)
  const topicOf = new Int32Array(matching.groupCount).fill(unmatched)
  for (const { group, topic, mass } of cells) {
    if (matching.held.has(topic) && mass > groupMass[group]! / 2) topicOf[group] = topic
  }
  const isTaken = new Set<number>(topicOf)
  for (const { group, topic, mass } of cells) {
    if (topicOf[group] !== unmatched || isTaken.has(topic)) continue
    const jaccard = mass / (groupMass[group]! + topicMass[topic]! - mass)
    if (mass < topicMass[topic]! / 2 && mass < groupMass[group]! / 2 && jaccard < 0.3) continue
    topicOf[group] = topic
    isTaken.add(topic)
  }
  return topicOf
}

interface Cell {
  readonly group: number
  readonly topic: number
  readonly mass: number
}

/** The masses that groups and topics have in common, largest first, with the sums of both sides. */
function overlaps(matching: Matching): { cells: Cell[]; groupMass: Float64Array; topicMass: Float64Array } {
  const { groups, topics, mass, isOld, groupCount, topicCount } = matching
  const common = new Map<number, number>()
  const groupMass = new Float64Array(groupCount)
  const topicMass = new Float64Array(topicCount)
  for (let i = 0; i < groups.length; i += 1) {
    if (isOld[i] === 0) continue
    const group = groups[i]!
    const topic = topics[i]!
    groupMass[group] = groupMass[group]! + mass[i]!
    if (topic < 0) continue
    topicMass[topic] = topicMass[topic]! + mass[i]!
    const key = group * topicCount + topic
    common.set(key, (common.get(key) ?? 0) + mass[i]!)
  }
  const cells = [...common].map(([key, cellMass]) => ({ group: Math.floor(key / topicCount), topic: key % topicCount, mass: cellMass }))
  cells.sort((a, b) => b.mass - a.mass || a.topic - b.topic || a.group - b.group)
  return { cells, groupMass, topicMass }
}
