/** `session_turns` follows `events` by itself, insert by insert; what is deleted from `events` by mutation must be told to it. */
import type { ClickHouse } from '@turret/clickhouse'
import { toSql } from '../query/sql.ts'
import { type Subject, ownedBy } from './subject.ts'

const sessionsPerStatement = 1000
const mutation = { mutations_sync: 2 }
// Made anew twice, a session gives the same rows: the second must not be taken for a repeated insert.
const insertion = { insert_deduplicate: 0 }

/**
 * Makes the rows of sessions anew from `events`, without the subject's; sessions of which nothing is left lose their rows. Comes before the
 * events themselves are deleted: an interrupted erasure finds those again, and does this again.
 * @throws ClickHouseError
 */
export async function eraseSessionTurns(
  db: ClickHouse,
  project: string,
  { kind, ids }: Subject,
  sessionIds: readonly string[],
): Promise<void> {
  await rebuild(db, project, sessionIds, { sql: `NOT (${ownedBy(kind)})`, params: { ids } })
}

/** Forgets turns of before a time (unix seconds), which stay in `events` no longer. @throws ClickHouseError */
export async function expireSessionTurns(db: ClickHouse, project: string, before: number): Promise<void> {
  const params = { project, before }
  const time = 'fromUnixTimestamp({before: Int64})'
  const straddling = await db.query<{ SessionId: string }>(
    `SELECT SessionId FROM session_turns WHERE Project = {project: String} GROUP BY SessionId HAVING min(StartedAt) < ${time} AND max(EndedAt) >= ${time}`,
    { params },
  )
  await db.command(`ALTER TABLE session_turns DELETE WHERE Project = {project: String} AND EndedAt < ${time}`, {
    params,
    settings: mutation,
  })
  const kept = { sql: `Timestamp >= ${time}`, params: { before } }
  await rebuild(
    db,
    project,
    straddling.map((row) => row.SessionId),
    kept,
  )
}

async function rebuild(
  db: ClickHouse,
  project: string,
  sessionIds: readonly string[],
  kept: { readonly sql: string; readonly params: Record<string, unknown> },
): Promise<void> {
  for (let i = 0; i < sessionIds.length; i += sessionsPerStatement) {
    const params = { ...kept.params, project, sessions: sessionIds.slice(i, i + sessionsPerStatement) }
    const where = 'Project = {project: String} AND SessionId IN {sessions: Array(String)}'
    await db.command(`ALTER TABLE session_turns DELETE WHERE ${where}`, { params, settings: mutation })
    const source = `(SELECT * FROM events WHERE ${where} AND ${kept.sql}) AS events`
    await db.command(`INSERT INTO session_turns (* EXCEPT SessionHash) ${toSql('fragment_session_turns', { source })}`, {
      params,
      settings: insertion,
    })
  }
}
