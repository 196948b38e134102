/** What an edit means: checks it against the topics there are, fills in what only the clusterer knows, words topics. */
import type { Clusterer } from '../cluster/clusterer.ts'
import { hashText } from '../embed/text-hash.ts'
import type { LoggedEdit } from './edit-log.ts'
import type { StoredEdit, TopicEdit } from './protocol.ts'
import type { TopicRow } from './publish.ts'
import type { Samples } from './samples.ts'
import type { KnownTopic } from './topic-rows.ts'

/** An edit that cannot be made, with the reason for the person who wanted it. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused'
  readonly code: 'NOT_FOUND' | 'INVALID_REQUEST'

  constructor(code: 'NOT_FOUND' | 'INVALID_REQUEST', message: string) {
    super(message)
    this.code = code
  }
}

/** @throws EditRefused when it names a topic that does not exist or is of the wrong level */
export function fillIn(edit: TopicEdit, known: ReadonlyMap<bigint, KnownTopic>, samples: Samples, clusterer: Clusterer): StoredEdit {
  const topic = living(edit.topicId, known)
  if (edit.kind === 'merge') {
    for (const id of edit.topicIds) {
      if (living(id, known).Level !== topic.Level)
        throw new EditRefused('INVALID_REQUEST', `topics of one level can be merged; ${hex(id)} is a ${living(id, known).Level}`)
      if (id === edit.topicId) throw new EditRefused('INVALID_REQUEST', 'a topic cannot be merged into itself')
    }
    if (topic.Level !== 'topic') throw new EditRefused('INVALID_REQUEST', `topics can be merged, a ${topic.Level} cannot`)
  }
  if (edit.kind !== 'split') return edit
  const anchorIds = [...samples.anchors()].filter((id) => {
    const place = clusterer.assignmentOf(id)
    return place?.topic === edit.topicId && edit.subtopicIds.includes(place.subtopic)
  })
  if (anchorIds.length === 0) throw new EditRefused('INVALID_REQUEST', 'none of these subtopics belongs to the topic')
  return { ...edit, anchorIds, into: hashText(`split ${hex(edit.topicId)} ${edit.subtopicIds.map(hex).join(' ')}`) }
}

/** A topic's row with the newest words that people gave it. */
export function wordedRow(row: TopicRow, edits: readonly LoggedEdit[]): TopicRow {
  let worded = { ...row, Hidden: 0, Pinned: 0 }
  if (worded.LabelSource === 'user') worded.LabelSource = 'phrase'
  for (const { edit, undone } of edits) {
    if (undone) continue
    if (edit.kind === 'split' && edit.into === row.TopicId && edit.label !== undefined)
      worded = { ...worded, Label: edit.label, LabelSource: 'user' }
    if (edit.topicId !== row.TopicId) continue
    if (edit.kind === 'hide') worded.Hidden = edit.on ? 1 : 0
    else if (edit.kind === 'pin') worded.Pinned = edit.on ? 1 : 0
    else if (edit.kind === 'rename')
      worded = {
        ...worded,
        ...(edit.label !== undefined && { Label: edit.label }),
        ...(edit.description !== undefined && { Description: edit.description }),
        LabelSource: 'user',
      }
  }
  return worded
}

function living(id: bigint, known: ReadonlyMap<bigint, KnownTopic>): TopicRow {
  const row = known.get(id)?.row
  if (row === undefined || row.State !== 'active') throw new EditRefused('NOT_FOUND', `there is no topic ${hex(id)}`)
  return row
}

function hex(id: bigint): string {
  return id.toString(16).padStart(16, '0')
}
