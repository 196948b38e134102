/** People's edits: rows in the database, constraints for the clusterer, never forgotten. */
import { randomUUID } from 'node:crypto'
import type { ClickHouse } from '@turret/clickhouse'
import type { Constraints } from '../cluster/edits.ts'
import type { StoredEdit } from './protocol.ts'
import { toTime } from './publish.ts'

/** An edit that was made. */
export interface LoggedEdit {
  readonly editId: string
  readonly author: string
  readonly edit: StoredEdit
  readonly at: Date
  readonly undone: boolean
}

interface EditRow {
  readonly EditId: string
  readonly At: string
  readonly Author: string
  readonly Kind: StoredEdit['kind']
  readonly TopicId: string
  readonly Arguments: string
  readonly Undone: number
}

/** Reads a project's edits, oldest first. */
export async function readEdits(db: ClickHouse, project: string): Promise<LoggedEdit[]> {
  const rows = await db.query<EditRow>(
    `SELECT EditId, toString(At) AS At, Author, Kind, toString(TopicId) AS TopicId, Arguments, Undone
     FROM topic_edits FINAL WHERE Project = {project: String} ORDER BY At, EditId`,
    { params: { project } },
  )
  return rows.map((row) => ({
    editId: row.EditId,
    author: row.Author,
    at: new Date(`${row.At.replace(' ', 'T')}Z`),
    undone: row.Undone === 1,
    edit: { kind: row.Kind, topicId: BigInt(row.TopicId), ...(JSON.parse(row.Arguments, reviveIds) as object) } as StoredEdit,
  }))
}

/** A new edit, made now. */
export function newEdit(author: string, edit: StoredEdit): LoggedEdit {
  return { editId: randomUUID(), author, edit, at: new Date(), undone: false }
}

/** @param version the newest version of a row wins */
export async function writeEdit(db: ClickHouse, project: string, logged: LoggedEdit, version: number): Promise<void> {
  const { kind, topicId, ...rest } = logged.edit
  const row = {
    Project: project,
    EditId: logged.editId,
    At: toTime(logged.at),
    Author: logged.author,
    Kind: kind,
    TopicId: topicId,
    Arguments: JSON.stringify(rest, (_key, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value)),
    Undone: logged.undone ? 1 : 0,
    Version: version,
  }
  await db.insertRows('topic_edits', [row], { token: `${project}/${logged.editId}/${version}` })
}

/**
 * What holds for every later run.
 * @param isNewSpace the run is the first in another vector space: topics that people named or hid keep their messages there, and so their id
 */
export function toConstraints(edits: readonly LoggedEdit[], isNewSpace = false): Constraints {
  const pinned = new Map<bigint, boolean>()
  const worded = new Set<bigint>()
  const constraints: Constraints[number][] = []
  for (const { edit, undone } of edits) {
    if (undone) continue
    if (edit.kind === 'merge') constraints.push({ kind: 'merge', into: edit.topicId, from: edit.topicIds })
    else if (edit.kind === 'split')
      constraints.push({ kind: 'split', from: edit.topicId, into: edit.into, anchors: BigUint64Array.from(edit.anchorIds) })
    else if (edit.kind === 'move') constraints.push({ kind: 'move', to: edit.topicId, anchors: BigUint64Array.from(edit.anchorIds) })
    else if (edit.kind === 'pin') pinned.set(edit.topicId, edit.on)
    else if (edit.kind === 'rename' || edit.on) worded.add(edit.topicId)
  }
  const kept = [...pinned].flatMap(([topic, isOn]) => (isOn ? [topic] : []))
  for (const topic of new Set([...kept, ...(isNewSpace ? worded : [])])) constraints.push({ kind: 'pin', topic })
  return constraints
}

const idKeys = new Set(['topicIds', 'subtopicIds', 'anchorIds'])

function reviveIds(key: string, value: unknown): unknown {
  if (key === 'into') return BigInt(value as string)
  return idKeys.has(key) ? (value as string[]).map((id) => BigInt(id)) : value
}
