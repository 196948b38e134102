/** Texts that the saved state does not know yet, taken from the database again. */
import type { ClickHouse } from '@turret/clickhouse'
import type { ArrivedMessage } from './protocol.ts'

const batchSize = 2_000
const maxReplayed = 200_000 // a first start on a large table learns from its newest messages

interface Row {
  readonly Text: string
  readonly UserId: string
  readonly SessionId: string
  readonly Anchor: string
  readonly Topic: string
}

/** Messages, and where readers find them; arrays of one length. */
export interface Replayed {
  readonly messages: ArrivedMessage[]
  readonly anchorIds: BigUint64Array
  readonly topics: BigUint64Array
}

/**
 * Messages received after `since`, oldest first, in batches.
 * @param since Unix nanoseconds
 */
export async function* replayEvents(db: ClickHouse, project: string, since: bigint): AsyncGenerator<Replayed> {
  const params = { project, since: since.toString() }
  const [found] = await db.query<{ Rows: number }>(
    `SELECT count() AS Rows FROM events WHERE Project = {project: String} AND ReceivedAt > fromUnixTimestamp64Nano({since: Int64}) AND TextHash != 0 AND AnchorId != 0`,
    { params },
  )
  const total = Math.min(found?.Rows ?? 0, maxReplayed)
  const skipped = (found?.Rows ?? 0) - total
  for (let offset = skipped; offset < skipped + total; offset += batchSize) {
    const rows = await db.query<Row>(
      `SELECT Text, UserId, SessionId, toString(AnchorId) AS Anchor,
         toString(dictGetOrDefault('${db.database}.anchor_topics_now', 'TopicId', AnchorId, ArrivalTopicId)) AS Topic
       FROM events
       WHERE Project = {project: String} AND ReceivedAt > fromUnixTimestamp64Nano({since: Int64}) AND TextHash != 0 AND AnchorId != 0
       ORDER BY ReceivedAt, EventId LIMIT {size: UInt32} OFFSET {offset: UInt64}`,
      { params: { ...params, size: batchSize, offset } },
    )
    yield {
      messages: rows.map((row) => ({ text: row.Text, userId: row.UserId, sessionId: row.SessionId })),
      anchorIds: BigUint64Array.from(rows, (row) => BigInt(row.Anchor)),
      topics: BigUint64Array.from(rows, (row) => BigInt(row.Topic)),
    }
  }
}
