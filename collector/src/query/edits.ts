/** Edits that people make: PATCH and POST on topics, GET and DELETE on /edits. */
import type { z } from 'zod'
import type { Edit, editAnswer, editsAnswer, mergeRequest, moveRequest, splitRequest, topicPatch } from './contract/edits.ts'
import type { page } from './contract/common.ts'
import { type QueryContext, ask } from './context.ts'
import { parseCursor, toCursor } from './cursor.ts'
import { QueryError, toInvalidRequest } from './query-error.ts'
import type { TopicEdit, TopicService } from './services.ts'
import { toTime } from './time.ts'
import { parseTopicId } from './topic-id.ts'

interface EditRow {
  readonly EditId: string
  readonly EditedAt: number
  readonly Author: string
  readonly Kind: Edit['kind']
  readonly Topic: string
  readonly Arguments: string
  readonly Undone: 0 | 1
}

/** Who edits which topic. */
export interface Editing {
  readonly context: QueryContext
  readonly topics: TopicService
  readonly author: string
  /** As it was asked for; merged ids are followed. */
  readonly topicId: string
}

type EditAnswer = z.infer<typeof editAnswer>

const endOfTime = ['9007199254740991', '']

export async function queryEdits(context: QueryContext, { limit, cursor }: z.output<typeof page>): Promise<z.infer<typeof editsAnswer>> {
  const [before, beforeEdit] = cursor === undefined ? endOfTime : parseCursor(cursor, 2)
  const rows = await ask<EditRow>(context, 'edits', {}, { limit, before, beforeEdit })
  const last = rows.length < limit ? undefined : rows.at(-1)
  return {
    edits: rows.map((row) => ({
      edit_id: row.EditId,
      at: toTime(row.EditedAt),
      author: row.Author,
      kind: row.Kind,
      topic_id: row.Topic,
      arguments: JSON.parse(row.Arguments || '{}') as Record<string, unknown>,
      undone: row.Undone === 1,
    })),
    next_cursor: last === undefined ? null : toCursor([last.EditedAt, last.EditId]),
  }
}

/** One edit per kind of change that the patch asks for; the answer names the last of them. */
export async function patchTopic(
  editing: Editing,
  { label, description, hidden, pinned }: z.output<typeof topicPatch>,
): Promise<EditAnswer> {
  const topicId = toId(editing)
  const edits: TopicEdit[] = []
  if (label !== undefined || description !== undefined) {
    edits.push({ kind: 'rename', topicId, ...(label !== undefined && { label }), ...(description !== undefined && { description }) })
  }
  if (hidden !== undefined) edits.push({ kind: 'hide', topicId, on: hidden })
  if (pinned !== undefined) edits.push({ kind: 'pin', topicId, on: pinned })
  let answer: EditAnswer | undefined
  for (const edit of edits) answer = await make(editing, edit)
  if (answer === undefined) throw toInvalidRequest([{ path: 'body', message: 'expected at least one change' }])
  return answer
}

export async function mergeTopics(editing: Editing, { topic_ids }: z.output<typeof mergeRequest>): Promise<EditAnswer> {
  const topicId = toId(editing)
  const topicIds = topic_ids.map((id) => parseTopicId(editing.context.topics.resolve(id))).filter((id) => id !== topicId)
  if (topicIds.length === 0)
    throw toInvalidRequest([{ path: 'topic_ids', message: 'expected other topics than the one they are merged into' }])
  return make(editing, { kind: 'merge', topicId, topicIds })
}

export async function splitTopic(editing: Editing, { subtopic_ids, label }: z.output<typeof splitRequest>): Promise<EditAnswer> {
  const subtopicIds = subtopic_ids.map((id) => parseTopicId(editing.context.topics.resolve(id)))
  return make(editing, { kind: 'split', topicId: toId(editing), subtopicIds, ...(label !== undefined && { label }) })
}

export async function moveEvents(editing: Editing, { event_ids }: z.output<typeof moveRequest>): Promise<EditAnswer> {
  const rows = await ask<{ EventId: string; Anchor: string }>(editing.context, 'event_anchors', {}, { events: event_ids })
  const anchors = new Map(rows.map((row) => [row.EventId, row.Anchor]))
  const faults = event_ids
    .filter((id) => (anchors.get(id) ?? '0') === '0')
    .map((id) => ({ path: 'event_ids', message: anchors.has(id) ? `${id} has no topic yet` : `there is no event ${id}` }))
  if (faults.length > 0) throw toInvalidRequest(faults.slice(0, 20))
  return make(editing, { kind: 'move', topicId: toId(editing), anchorIds: [...new Set(anchors.values())].map(BigInt) })
}

async function make({ context, topics, author, topicId }: Editing, edit: TopicEdit): Promise<EditAnswer> {
  const edit_id = await topics.edit(context.project, author, edit)
  return { success: true, edit_id, topic_id: context.topics.resolve(topicId) }
}

/** @throws QueryError NOT_FOUND */
function toId({ context, topicId }: Editing): bigint {
  const id = context.topics.resolve(topicId)
  if (context.topics.get(id) === undefined) throw new QueryError('NOT_FOUND', 'there is no such topic')
  return parseTopicId(id)
}
