/** What a change of the embedding does to topics: how many keep their id and their meaning, and how good they are afterwards. */
import { majorities, scoreGroups, Stream } from './stream.ts'
import type { EmbeddedTexts } from './texts.ts'

export interface ModelChange {
  /** Hungarian accuracy of topics, 0…1. */
  readonly before: number
  readonly after: number
  /** Of topics with ten messages: still there, and still mostly of the same class. */
  readonly alive: number
  readonly same: number
  /** Share of messages that are in the topic they were in. */
  readonly stayed: number
}

const leastMass = 10

/** Streams the rows in one space, then goes over to the other and runs once. @param from, to the same texts */
export function measureModelChange(from: EmbeddedTexts, to: EmbeddedTexts, rows: Int32Array): ModelChange {
  const stream = new Stream(from.vectors.cols)
  stream.add(from, rows)
  stream.consolidate()
  const old = stream.placements().map(({ topic }) => topic)
  const { cols, data } = to.vectors
  const rowOf = new Map(Array.from(to.ids, (id, row) => [id, row]))
  const moved = stream.clusterer.inSpace(cols, (id) => data.slice(rowOf.get(id)! * cols, (rowOf.get(id)! + 1) * cols))
  if (moved === undefined) throw new Error('no text has a vector in the other space')
  moved.consolidate()
  const now = stream.arrivals.anchors.map((id) => moved.assignmentOf(id)!.topic)

  const [then, later] = [majorities(stream.truth, old), majorities(stream.truth, now)]
  const followed = [...then].filter(([topic, { size }]) => topic !== 0n && size >= leastMass)
  return {
    before: scoreGroups(stream.truth, old).accuracy,
    after: scoreGroups(stream.truth, now).accuracy,
    alive: followed.filter(([topic]) => later.has(topic)).length / followed.length,
    same: followed.filter(([topic, { label }]) => later.get(topic)?.label === label).length / followed.length,
    stayed: old.filter((topic, i) => topic === now[i]).length / old.length,
  }
}
