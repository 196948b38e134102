/** Texts that are stored and wait for their topic: the rows of `events` without an anchor are the queue. */
import type { ClickHouse } from '@turret/clickhouse'
import type { ArrivedMessage, Backlog } from './protocol.ts'

/** A text that waits, whoever sent it first. */
export interface WaitingText extends ArrivedMessage {
  readonly hash: string
  /** Unix nanoseconds: when it was received first. */
  readonly at: string
}

/** What its events are to be given. */
export interface AnchoredText {
  readonly hash: string
  readonly anchorId: bigint
  readonly topicId: bigint
  readonly similarity: number
  readonly outlierScore: number
}

/** A place in the queue. */
export type QueuePlace = Pick<WaitingText, 'at' | 'hash'>

export const startOfTime: QueuePlace = { at: '0', hash: '0' }

/** Projects with texts that wait, and how many messages those are. */
export async function readBacklogs(db: ClickHouse): Promise<(Backlog & { readonly project: string })[]> {
  const rows = await db.query<{ Project: string; Messages: number; OldestAt: number }>(
    `SELECT Project, count() AS Messages, toUnixTimestamp64Milli(min(ReceivedAt)) AS OldestAt
     FROM events FINAL WHERE AnchorId = 0 AND TextHash != 0 GROUP BY Project ORDER BY Project`,
  )
  return rows.map(({ Project, Messages, OldestAt }) => ({ project: Project, messages: Messages, oldestAt: OldestAt }))
}

/** Waiting texts behind a place in the queue, oldest first. */
export async function readWaiting(
  db: ClickHouse,
  project: string,
  { after, limit }: { after: QueuePlace; limit: number },
): Promise<WaitingText[]> {
  const rows = await db.query<{ Hash: string; FirstText: string; User: string; Session: string; FirstAt: string }>(
    `SELECT toString(TextHash) AS Hash, any(Text) AS FirstText, any(UserId) AS User, any(SessionId) AS Session,
       toString(toUnixTimestamp64Nano(min(ReceivedAt))) AS FirstAt
     FROM events FINAL
     WHERE Project = {project: String} AND AnchorId = 0 AND TextHash != 0 AND ReceivedAt >= fromUnixTimestamp64Nano({at: Int64})
     GROUP BY TextHash HAVING (min(ReceivedAt), TextHash) > (fromUnixTimestamp64Nano({at: Int64}), {hash: UInt64})
     ORDER BY min(ReceivedAt), TextHash LIMIT {limit: UInt32}`,
    { params: { project, ...after, limit } },
  )
  return rows.map(({ Hash, FirstText, User, Session, FirstAt }) => ({
    hash: Hash,
    at: FirstAt,
    text: FirstText,
    userId: User,
    sessionId: Session,
  }))
}

/** Writes the texts' events again, with a newer version. */
export async function writeAnchors(db: ClickHouse, project: string, texts: readonly AnchoredText[]): Promise<void> {
  // Only numbers of ours stand in this text: it would be too long for a parameter.
  const hashes = texts.map(({ hash }) => hash).join(',')
  const valueOf = (type: string, values: readonly (bigint | number)[]): string =>
    `transform(TextHash, [${hashes}], CAST([${values.join(',')}], 'Array(${type})'), CAST(0, '${type}'))`
  const columns = {
    AnchorId: valueOf(
      'UInt64',
      texts.map(({ anchorId }) => anchorId),
    ),
    ArrivalTopicId: valueOf(
      'UInt64',
      texts.map(({ topicId }) => topicId),
    ),
    Similarity: valueOf(
      'Float32',
      texts.map(({ similarity }) => similarity),
    ),
    OutlierScore: valueOf(
      'Float32',
      texts.map(({ outlierScore }) => outlierScore),
    ),
  }
  const replaced = Object.entries(columns).map(([column, value]) => `${value} AS ${column}`)
  await db.command(
    `INSERT INTO events SELECT * REPLACE (${replaced.join(', ')}, Version + 1 AS Version)
     FROM (SELECT * FROM events FINAL WHERE Project = {project: String} AND AnchorId = 0 AND TextHash IN (${hashes}))`,
    { params: { project }, settings: { max_query_size: 10_000_000 } },
  )
}
