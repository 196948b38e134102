/** Writes a run's outcome to ClickHouse: small tables, then the row that makes the run exist, then the dictionary. */
import type { ClickHouse } from '@turret/clickhouse'
import type { Run } from '../cluster/report.ts'

/** A topic as the table `topics` has it. */
export interface TopicRow {
  readonly Level: 'subtopic' | 'topic' | 'theme'
  readonly TopicId: bigint
  readonly ParentId: bigint
  readonly State: 'active' | 'retired'
  readonly RedirectTo: bigint
  readonly Label: string
  readonly Description: string
  readonly LabelSource: 'phrase' | 'llm' | 'user'
  readonly Keyphrases: readonly string[]
  readonly Examples: readonly string[]
  readonly Hidden: number
  readonly Pinned: number
  readonly Mass: number
  /** Unix ms. */
  readonly BornAt: number
}

export interface Publication {
  readonly project: string
  readonly spaceId: string
  /** Microseconds since 1970, growing: the newest version of a row wins. */
  readonly version: number
  readonly at: Date
  readonly trigger: 'schedule' | 'edit' | 'model'
  readonly run: Run
  readonly topics: readonly TopicRow[]
  readonly durationMs: number
}

const rowsPerInsert = 50_000

/** Atomic for readers: events change their topic when the dictionary is reloaded, all at once. */
export async function publishRun(db: ClickHouse, publication: Publication): Promise<void> {
  const { project, version, at, run } = publication
  const token = `${project}/${version}`
  const time = toTime(at)
  await insertAnchors(db, publication, token)
  await publishTopics(db, project, version, publication.topics)
  const steps = run.lineage
    .filter((step) => step.kind !== 'continued')
    .map((step) => ({
      Project: project,
      Version: version,
      At: time,
      Level: step.level,
      Kind: step.kind,
      FromId: step.fromId,
      ToId: step.toId,
      Mass: step.mass,
    }))
  if (steps.length > 0) await db.insertRows('topic_lineage', steps, { token: `${token}/lineage` })
  const row = {
    Project: project,
    Version: version,
    SpaceId: publication.spaceId,
    At: time,
    Messages: run.messages,
    Topics: run.topics.filter((topic) => topic.level === 'topic').length,
    Gamma: run.gamma,
    Modularity: run.modularity,
    Silhouette: run.silhouette,
    Churn: run.churn,
    DurationMs: publication.durationMs,
    Trigger: publication.trigger,
  }
  await db.insertRows('clustering_runs', [row], { token: `${token}/run` })
  await reloadTopics(db)
}

/** Events change their topic for readers now. */
export async function reloadTopics(db: ClickHouse): Promise<void> {
  await db.command('SYSTEM RELOAD DICTIONARY anchor_topics_now')
}

/** Writes rows of the table `topics`; readers see them at once. */
export async function publishTopics(db: ClickHouse, project: string, version: number, topics: readonly TopicRow[]): Promise<void> {
  if (topics.length === 0) return
  const rows = topics.map((topic) => ({ Project: project, ...topic, BornAt: toTime(new Date(topic.BornAt)), Version: version }))
  await db.insertRows('topics', rows, { token: `${project}/${version}/topics/${topics.length}` })
}

async function insertAnchors(db: ClickHouse, { project, version, run }: Publication, token: string): Promise<void> {
  const { anchorIds, subtopicIds, topicIds, themeIds } = run.changedAnchors
  for (let start = 0; start < anchorIds.length; start += rowsPerInsert) {
    const rows = Array.from(anchorIds.subarray(start, start + rowsPerInsert), (anchorId, i) => ({
      Project: project,
      AnchorId: anchorId,
      SubtopicId: subtopicIds[start + i]!,
      TopicId: topicIds[start + i]!,
      ThemeId: themeIds[start + i]!,
      Version: version,
    }))
    await db.insertRows('anchor_topics', rows, { token: `${token}/anchors/${start}` })
  }
}

/** ClickHouse's text form of DateTime64(3), UTC. */
export function toTime(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '')
}
