/** Reads back the topics that were published, so that words and birthdays outlive a restart. */
import type { ClickHouse } from '@turret/clickhouse'
import type { TopicRow } from './publish.ts'
import type { KnownTopic } from './topic-rows.ts'

type StoredRow = Omit<TopicRow, 'TopicId' | 'ParentId' | 'RedirectTo'> & {
  readonly TopicId: string
  readonly ParentId: string
  readonly RedirectTo: string
}

/** Every topic of the project that ever was, by id. */
export async function readKnownTopics(db: ClickHouse, project: string): Promise<Map<bigint, KnownTopic>> {
  const rows = await db.query<StoredRow>(
    `SELECT Level, toString(TopicId) AS TopicId, toString(ParentId) AS ParentId, State, toString(RedirectTo) AS RedirectTo, Label, Description,
       LabelSource, Keyphrases, Examples, Hidden, Pinned, Mass, toUnixTimestamp64Milli(BornAt) AS BornAt
     FROM topics FINAL WHERE Project = {project: String}`,
    { params: { project } },
  )
  return new Map(
    rows.map((stored) => {
      const row = { ...stored, TopicId: BigInt(stored.TopicId), ParentId: BigInt(stored.ParentId), RedirectTo: BigInt(stored.RedirectTo) }
      return [row.TopicId, { row, labelledMass: row.Mass }]
    }),
  )
}
