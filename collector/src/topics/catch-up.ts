/** Gives topics to texts that were stored without one: the topics thread was busy, the provider away, or there was none. */
import type { ClickHouse } from '@turret/clickhouse'
import { EmbedError } from '../embed/embed-error.ts'
import type { ArrivedMessage, AssignedMessages } from './protocol.ts'
import type { ProjectTopics } from './project-topics.ts'

const batchSize = 1_000
const shrinking = 4 // a batch of 1000 is one text after five refusals
const lateArrivalNs = 60_000_000_000n // how much older than the newest a text may be that was stored last
const scanAllMs = 600_000 // a text that got no vector is tried again so often

interface Row {
  readonly Hash: string
  readonly Text: string
  readonly UserId: string
  readonly SessionId: string
  /** Unix nanoseconds. */
  readonly FirstAt: string
}

/** Projects that have texts without an anchor. */
export async function projectsToCatchUp(db: ClickHouse): Promise<string[]> {
  const rows = await db.query<{ Project: string }>('SELECT DISTINCT Project FROM events FINAL WHERE AnchorId = 0 AND TextHash != 0')
  return rows.map((row) => row.Project)
}

/** Goes through a project's texts without an anchor, oldest first, again and again: some never get one. */
export class CatchUp {
  private readonly db: ClickHouse
  private readonly project: string
  private readonly topics: ProjectTopics
  private after = { at: 0n, hash: '0' }
  private size = batchSize
  private scanAllAt = Date.now() + scanAllMs

  constructor(db: ClickHouse, project: string, topics: ProjectTopics) {
    this.db = db
    this.project = project
    this.topics = topics
  }

  /**
   * Assigns up to a thousand texts and writes their events again with a newer version.
   * @returns whether there may be more
   * @throws EmbedError when the provider fails: what it refuses is tried in ever smaller batches and a text at last passed over, for a while
   */
  async step(): Promise<boolean> {
    const rows = await this.readRows()
    const last = rows.at(-1)
    if (last === undefined) {
      this.startAgain()
      return false
    }
    try {
      const messages: ArrivedMessage[] = rows.map((row) => ({ text: row.Text, userId: row.UserId, sessionId: row.SessionId }))
      const assigned = await this.topics.assign(messages)
      if (assigned === undefined) return false
      await writeAnchors(this.db, this.project, rows, assigned)
    } catch (error) {
      if (!(error instanceof EmbedError) || error.code === 'EMBED_UNAVAILABLE') throw error
      if (rows.length === 1) this.pass(last)
      else this.size = Math.ceil(rows.length / shrinking)
      throw error
    }
    this.pass(last)
    return true
  }

  private pass({ FirstAt, Hash }: Row): void {
    this.after = { at: BigInt(FirstAt), hash: Hash }
    this.size = Math.min(batchSize, this.size * shrinking)
  }

  private startAgain(): void {
    const isDue = Date.now() >= this.scanAllAt
    if (isDue) this.scanAllAt = Date.now() + scanAllMs
    const at = isDue || this.after.at < lateArrivalNs ? 0n : this.after.at - lateArrivalNs
    this.after = { at, hash: '0' }
  }

  private readRows(): Promise<Row[]> {
    return this.db.query<Row>(
      `SELECT toString(TextHash) AS Hash, any(events.Text) AS Text, any(events.UserId) AS UserId, any(events.SessionId) AS SessionId,
         toString(toUnixTimestamp64Nano(min(ReceivedAt))) AS FirstAt
       FROM events FINAL
       WHERE Project = {project: String} AND AnchorId = 0 AND TextHash != 0 AND ReceivedAt >= fromUnixTimestamp64Nano({at: Int64})
       GROUP BY TextHash HAVING (min(ReceivedAt), TextHash) > (fromUnixTimestamp64Nano({at: Int64}), {hash: UInt64})
       ORDER BY min(ReceivedAt), TextHash LIMIT {size: UInt32}`,
      { params: { project: this.project, at: this.after.at.toString(), hash: this.after.hash, size: this.size } },
    )
  }
}

async function writeAnchors(db: ClickHouse, project: string, rows: readonly Row[], assigned: AssignedMessages): Promise<void> {
  const found = rows.flatMap((row, i) => (assigned.anchorIds[i] === 0n ? [] : [{ hash: row.Hash, i }]))
  if (found.length === 0) return
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
}
