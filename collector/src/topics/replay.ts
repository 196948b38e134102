/** Texts that the saved state does not know yet, taken from the database again. */
import type { ClickHouse } from '@turret/clickhouse'
import { noVectorSimilarity } from './no-vector.ts'
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

/** Reads messages received after a moment, oldest first, in batches. A batch is read again until `advance` says that it was taken in. */
export class Replay {
  /** Unix nanoseconds. */
  readonly since: bigint
  private readonly db: ClickHouse
  private readonly project: string
  private offset = -1
  private size = 0

  constructor(db: ClickHouse, project: string, since: bigint) {
    this.db = db
    this.project = project
    this.since = since
  }

  /** undefined at the end. */
  async read(): Promise<Replayed | undefined> {
    if (this.offset < 0) this.offset = await this.skipped()
    const rows = await this.db.query<Row>(
      `SELECT Text, UserId, SessionId, toString(AnchorId) AS Anchor,
         toString(dictGetOrDefault('${this.db.database}.anchor_topics_now', 'TopicId', AnchorId, ArrivalTopicId)) AS Topic
       FROM events WHERE ${condition} ORDER BY ReceivedAt, EventId LIMIT {size: UInt32} OFFSET {offset: UInt64}`,
      { params: { project: this.project, since: this.since.toString(), size: batchSize, offset: this.offset } },
    )
    this.size = rows.length
    if (rows.length === 0) return undefined
    return {
      messages: rows.map((row) => ({ text: row.Text, userId: row.UserId, sessionId: row.SessionId })),
      anchorIds: BigUint64Array.from(rows, (row) => BigInt(row.Anchor)),
      topics: BigUint64Array.from(rows, (row) => BigInt(row.Topic)),
    }
  }

  advance(): void {
    this.offset += this.size
  }

  private async skipped(): Promise<number> {
    const params = { project: this.project, since: this.since.toString() }
    const [found] = await this.db.query<{ Rows: number }>(`SELECT count() AS Rows FROM events WHERE ${condition}`, { params })
    return Math.max(0, (found?.Rows ?? 0) - maxReplayed)
  }
}

const condition = `Project = {project: String} AND ReceivedAt > fromUnixTimestamp64Nano({since: Int64}) AND TextHash != 0 AND AnchorId != 0 AND Similarity > ${noVectorSimilarity}`
