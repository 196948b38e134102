/** Gives topics to texts that were stored without one: the topics thread was busy, the provider away, or there was none. */
import type { ClickHouse } from '@turret/clickhouse'
import type { ArrivedMessage } from './protocol.ts'
import type { ProjectTopics } from './project-topics.ts'

const batchSize = 1_000

interface Row {
  readonly Hash: string
  readonly Text: string
  readonly UserId: string
  readonly SessionId: string
}

/** Projects that have texts without an anchor. */
export async function projectsToCatchUp(db: ClickHouse): Promise<string[]> {
  const rows = await db.query<{ Project: string }>('SELECT DISTINCT Project FROM events FINAL WHERE AnchorId = 0 AND TextHash != 0')
  return rows.map((row) => row.Project)
}

/**
 * Assigns up to a thousand texts of a project and writes their events again with a newer version.
 * @returns how many distinct texts got an anchor; 0 = nothing to do, or the texts have no vector
 */
export async function catchUp(db: ClickHouse, project: string, topics: ProjectTopics, unknown: Set<string>): Promise<number> {
  const rows = await db.query<Row>(
    `SELECT toString(TextHash) AS Hash, any(events.Text) AS Text, any(events.UserId) AS UserId, any(events.SessionId) AS SessionId
     FROM events FINAL WHERE Project = {project: String} AND AnchorId = 0 AND TextHash != 0 AND toString(TextHash) NOT IN {unknown: Array(String)}
     GROUP BY TextHash ORDER BY min(ReceivedAt) LIMIT {size: UInt32}`,
    { params: { project, size: batchSize, unknown: [...unknown].slice(-batchSize) } },
  )
  if (rows.length === 0) return 0
  const messages: ArrivedMessage[] = rows.map((row) => ({ text: row.Text, userId: row.UserId, sessionId: row.SessionId }))
  const assigned = await topics.assign(messages)
  if (assigned === undefined) return 0
  const found = rows.flatMap((row, i) => {
    if (assigned.anchorIds[i] !== 0n) return [{ hash: row.Hash, i }]
    unknown.add(row.Hash)
    return []
  })
  if (found.length === 0) return 0
  // Only numbers of ours stand in this text: it would be too long for a parameter.
  const list = (values: readonly (bigint | number | string)[]): string => values.join(',')
  const transform = (values: readonly (bigint | number)[], type: string): string =>
    `transform(TextHash, [${list(found.map(({ hash }) => hash))}], CAST([${list(values)}], 'Array(${type})'), CAST(0, '${type}'))`
  await db.command(
    `INSERT INTO events SELECT * REPLACE (
       ${transform(
         found.map(({ i }) => assigned.anchorIds[i]!),
         'UInt64',
       )} AS AnchorId,
       ${transform(
         found.map(({ i }) => assigned.topicIds[i]!),
         'UInt64',
       )} AS ArrivalTopicId,
       ${transform(
         found.map(({ i }) => assigned.similarities[i]!),
         'Float32',
       )} AS Similarity,
       ${transform(
         found.map(({ i }) => assigned.outlierScores[i]!),
         'Float32',
       )} AS OutlierScore,
       Version + 1 AS Version)
     FROM (
       SELECT * FROM events FINAL
       WHERE Project = {project: String} AND AnchorId = 0 AND TextHash IN (${list(found.map(({ hash }) => hash))}))`,
    { params: { project }, settings: { max_query_size: 10_000_000 } },
  )
  return found.length
}
