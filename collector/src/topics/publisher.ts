/** Keeps what readers see in step with the clusterer, also when a publication fails or another collector has published meanwhile. */
import type { ClickHouse } from '@turret/clickhouse'
import type { Clusterer, Placement } from '../cluster/clusterer.ts'
import type { ChangedAnchors, Run } from '../cluster/report.ts'
import type { Labeler } from '../label/labeler.ts'
import type { LoggedEdit } from './edit-log.ts'
import { wordedRow } from './edits.ts'
import { type Publication, type TopicRow, publishRun, publishTopics, reloadTopics } from './publish.ts'
import { newestVersion, reconcile } from './reconcile.ts'
import type { Samples } from './samples.ts'
import { type KnownTopic, toTopicRows } from './topic-rows.ts'

export interface PublisherOptions {
  readonly project: string
  readonly db: ClickHouse
  readonly labeler: Labeler
  readonly keepsTexts: boolean
  readonly signal: AbortSignal
  /** Topics as they were published last. */
  readonly known: Map<bigint, KnownTopic>
  /** The newest version that the clusterer's state knows of. */
  readonly lastVersion: number
}

/** What a publication shows, beside the run. */
export interface Shown {
  /** The vector space that the clusterer is in. */
  readonly spaceId: string
  readonly clusterer: Clusterer
  readonly samples: Samples
  readonly edits: readonly LoggedEdit[]
  /** Topics whose words must be made anew. */
  readonly outdated?: ReadonlySet<bigint>
}

/** For one project; publications take turns. */
export class Publisher {
  private readonly options: PublisherOptions
  private readonly unpublished = new Set<bigint>()
  private hasFailed = false
  private version: number

  constructor(options: PublisherOptions) {
    this.options = options
    this.version = options.lastVersion
  }

  get known(): ReadonlyMap<bigint, KnownTopic> {
    return this.options.known
  }

  get lastVersion(): number {
    return this.version
  }

  /** Do readers lack a run? Then a state with it is not worth saving: the last one and a replay lead to what readers see. */
  get isBehind(): boolean {
    return this.hasFailed
  }

  /** Readers may find the anchor elsewhere than the clusterer has it: the next publication tells them. */
  mustTell(anchorId: bigint): void {
    this.unpublished.add(anchorId)
  }

  /** Atomic for readers. After a failure the next publication says also what this one would have said. @returns seconds */
  async publish(run: Run, trigger: Publication['trigger'], startedAt: number, shown: Shown): Promise<number> {
    const { db, project, labeler, keepsTexts, signal, known } = this.options
    const { spaceId, clusterer, edits, ...rest } = shown
    const placeOf = (id: bigint): Placement => clusterer.assignmentOf(id) ?? nowhere
    const mustMakeGood = this.hasFailed || (await newestVersion(db, project)) > this.version
    this.hasFailed = true
    for (const id of run.changedAnchors.anchorIds) this.unpublished.add(id)
    const at = new Date()
    const rows = await toTopicRows({ ...rest, run, placeOf, known, labeler, keepsTexts, nowMs: at.getTime(), signal })
    const topics = rows.map(({ row, labelledMass }) => ({ row: wordedRow(row, edits), labelledMass }))
    const durationMs = performance.now() - startedAt
    await publishRun(db, {
      project,
      spaceId,
      version: this.nextVersion(),
      at,
      trigger,
      run: { ...run, changedAnchors: toPlaces([...this.unpublished], placeOf) },
      topics: topics.map(({ row }) => row),
      durationMs,
    })
    if (mustMakeGood) await this.makeGood(run, clusterer)
    this.unpublished.clear()
    this.hasFailed = false
    for (const topic of topics) known.set(topic.row.TopicId, topic)
    return durationMs / 1000
  }

  /** New words for a topic; nothing moves. */
  async publishWords(row: TopicRow): Promise<void> {
    const { db, project, known } = this.options
    await publishTopics(db, project, this.nextVersion(), [row])
    known.set(row.TopicId, { labelledMass: known.get(row.TopicId)?.labelledMass ?? 0, row })
  }

  /** Microseconds, always growing, so that the newest version of a row wins also after a restart. */
  nextVersion(): number {
    this.version = Math.max(Date.now() * 1000, this.version + 1)
    return this.version
  }

  /**
   * Another collector published what this clusterer does not know of, or this one was stopped or failed half-way: the last to publish has
   * the last word.
   */
  private async makeGood(run: Run, clusterer: Clusterer): Promise<void> {
    const { db, project } = this.options
    const living = new Set(run.topics.map((topic) => topic.id))
    await reconcile(db, project, this.nextVersion(), { placeOf: (id) => clusterer.assignmentOf(id), living })
    await reloadTopics(db)
  }
}

const nowhere: Placement = { subtopic: 0n, topic: 0n, theme: 0n }

function toPlaces(anchorIds: readonly bigint[], placeOf: (id: bigint) => Placement): ChangedAnchors {
  const column = (level: keyof Placement): BigUint64Array => BigUint64Array.from(anchorIds, (id) => placeOf(id)[level])
  return {
    anchorIds: BigUint64Array.from(anchorIds),
    subtopicIds: column('subtopic'),
    topicIds: column('topic'),
    themeIds: column('theme'),
  }
}
