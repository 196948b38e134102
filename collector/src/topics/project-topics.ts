/** The topics of one project: takes texts in, runs the clustering when it is due, publishes what came out. */
import type { ClickHouse } from '@turret/clickhouse'
import { type Clusterer, createClusterer } from '../cluster/clusterer.ts'
import type { Past } from '../cluster/assign.ts'
import type { Run } from '../cluster/report.ts'
import type { Embedder } from '../embed/embedder.ts'
import { assignUntil } from './assigned.ts'
import { explainTexts, unexplained } from './explain.ts'
import type { Labeler } from '../label/labeler.ts'
import { type LoggedEdit, newEdit, readEdits, toConstraints, writeEdit } from './edit-log.ts'
import { EditRefused, fillIn, wordedRow } from './edits.ts'
import { type NoVectorReason, noVectorSimilarity, waitAgain } from './no-vector.ts'
import { Replay } from './replay.ts'
import type { ArrivedMessage, AssignedMessages, ErasedWords, Explanation, Forgotten, Progress, StoredEdit, TopicEdit } from './protocol.ts'
import { CarryOver } from './carry-over.ts'
import type { MapDue } from './map-keeper.ts'
import { Publisher } from './publisher.ts'
import { restoreSaved, saveClusterer } from './saved-clusterer.ts'
import { Samples, maxTextLength } from './samples.ts'
import { TakeIn } from './take-in.ts'
import { readKnownTopics } from './known-topics.ts'

export interface ProjectTopicsOptions {
  readonly project: string
  readonly db: ClickHouse
  readonly embedder: Embedder
  readonly labeler: Labeler
  /** false: users' texts stay in memory, and are shown to nobody. */
  readonly keepsTexts: boolean
  readonly onRun: (seconds: number, run: Run) => void
  /** Texts that got no vector and will get none from this embedder. */
  readonly onNoVector: (reason: NoVectorReason, texts: number) => void
  readonly signal: AbortSignal
}

type Trigger = 'schedule' | 'edit' | 'model'

const knownShareTexts = 500 // samples that say what users write, until new texts do
const saveIntervalMs = 60_000 // a restart replays at most what came in since
const growthBehind = 3 // messages ÷ messages at the last run, from which a run is worth its time while many wait
const slowSaveFactor = 50 // a large state is saved so rarely that saving takes at most 2 % of the time

/** Everything happens in one thread; calls that change the clustering take turns. */
export class ProjectTopics {
  /** Many stored texts wait for their topic: runs that can wait do. */
  isBehind = false
  private readonly options: ProjectTopicsOptions
  private readonly publisher: Publisher
  private clusterer: Clusterer
  private spaceId: string
  private samples = new Samples()
  private edits: LoggedEdit[] = []
  private nextSaveAt = Date.now()
  private seenAtRun = 0
  private readonly takeIn: TakeIn
  /** What is left to do before texts can be assigned. */
  private carryOver: CarryOver | undefined
  private mustPublishSpace = false
  private mustWaitAgain = false
  private replay: Replay | undefined
  private preparing: Promise<void> | undefined
  private turn: Promise<unknown> = Promise.resolve()
  private constructor(options: ProjectTopicsOptions, publisher: Publisher) {
    this.options = options
    this.publisher = publisher
    this.clusterer = createClusterer({ dimensions: options.embedder.dimensions })
    this.spaceId = options.embedder.id
    this.takeIn = new TakeIn(options)
  }

  /** Goes on from the saved state; `prepare` does the rest, for which it needs the embedder. */
  static async open(options: ProjectTopicsOptions): Promise<ProjectTopics> {
    const { db, project, embedder, labeler, keepsTexts, signal } = options
    const saved = await restoreSaved(db, project)
    const known = await readKnownTopics(db, project)
    const publisher = new Publisher({ project, db, labeler, keepsTexts, signal, known, lastVersion: saved?.version ?? 0 })
    const topics = new ProjectTopics(options, publisher)
    if (saved !== undefined) {
      topics.clusterer = saved.clusterer
      topics.samples = saved.samples
      topics.spaceId = saved.spaceId
      if (saved.spaceId !== embedder.id) topics.carryOver = new CarryOver(db, project, embedder, saved.spaceId)
      for (const text of saved.samples.newest(knownShareTexts)) topics.takeIn.knownShare.add(text)
    }
    topics.mustWaitAgain = saved?.spaceId !== embedder.id
    topics.edits = await readEdits(db, project)
    topics.replay = new Replay(db, project, saved?.savedAt ?? 0n)
    return topics
  }

  /** Can texts be assigned? Until then they are stored without a topic, and everything that has a topic keeps it. */
  get isReady(): boolean {
    return this.replay === undefined && !this.mustPublishSpace
  }

  /** The vector space that the topics still have to leave. */
  get formerSpace(): string | undefined {
    return this.carryOver?.from
  }

  /**
   * Goes over to the embedder's vector space, and takes in again what came after the state was saved.
   * @throws when the embedder or the database fails: the next call goes on where this one was
   */
  prepare(): Promise<void> {
    this.preparing ??= this.prepareNow().finally(() => (this.preparing = undefined))
    return this.preparing
  }

  /** What a map is drawn of; undefined before the first topics. */
  get mapDue(): MapDue | undefined {
    return this.publisher.known.size === 0 ? undefined : { spaceId: this.spaceId, source: this.clusterer.mapSource() }
  }

  get progress(): Progress {
    const { seen, until } = this.clusterer.progress()
    return {
      seen,
      until: this.publisher.known.size > 0 ? 0 : until,
      knownShare: this.takeIn.knownShare.value,
      carryOver: this.carryOver?.progress,
    }
  }

  /**
   * Gives each message its anchor and, where there are topics, its topic.
   * @param deadline Unix ms: the messages that are not reached by then are left out at the end
   * @returns undefined when none was reached, and while this is not ready
   * @throws EmbedError when the provider fails at the first of them
   */
  assign(messages: readonly ArrivedMessage[], deadline = Infinity): Promise<AssignedMessages | undefined> {
    return this.inTurn(async () => {
      if (!this.isReady) return undefined
      return deadline === Infinity ? this.add(messages) : assignUntil(deadline, messages, (slice) => this.add(slice))
    })
  }

  /** Runs the clustering if it is due. */
  consolidateIfDue(): Promise<void> {
    return this.inTurn(async () => {
      const canWait = this.isBehind && this.clusterer.progress().seen < growthBehind * this.seenAtRun
      if (this.isReady && this.clusterer.isDue() && !canWait) await this.consolidate('schedule')
    })
  }

  async consolidateNow(): Promise<void> {
    await this.prepare()
    return this.inTurn(() => this.consolidate('schedule'))
  }

  /** @returns the edit's id. @throws EditRefused */
  edit(author: string, edit: TopicEdit): Promise<string> {
    return this.inTurn(async () => {
      const logged = newEdit(author, fillIn(edit, this.publisher.known, this.samples, this.clusterer))
      await writeEdit(this.options.db, this.options.project, logged, this.publisher.nextVersion())
      this.edits.push(logged)
      await this.putIntoForce(logged.edit)
      return logged.editId
    })
  }

  /** @throws EditRefused when there is no such edit */
  undo(editId: string): Promise<void> {
    return this.inTurn(async () => {
      const index = this.edits.findIndex((logged) => logged.editId === editId && !logged.undone)
      if (index === -1) throw new EditRefused('NOT_FOUND', `there is no edit ${editId} that could be taken back`)
      const undone = { ...this.edits[index]!, undone: true }
      await writeEdit(this.options.db, this.options.project, undone, this.publisher.nextVersion())
      this.edits[index] = undone
      await this.putIntoForce(undone.edit)
    })
  }

  async explain(texts: readonly string[]): Promise<Explanation[]> {
    const { embedder, keepsTexts, signal } = this.options
    if (this.spaceId !== embedder.id) return texts.map(() => unexplained)
    const samples = keepsTexts ? this.samples : new Samples()
    return explainTexts(texts, { embedder, clusterer: this.clusterer, samples, signal })
  }

  /** Forgets what users said; topics that were worded from it get their words from the others' texts. */
  forget({ users, sessions, texts }: ErasedWords): Promise<Forgotten> {
    return this.inTurn(async () => {
      const [userIds, sessionIds] = [new Set(users), new Set(sessions)]
      const words = new Set(texts.flatMap((text) => [text, text.slice(0, maxTextLength)]))
      const lost = this.samples.forget(
        ({ text, userId, sessionId }) => (userId !== '' && userIds.has(userId)) || sessionIds.has(sessionId) || words.has(text),
      )
      const outdated = new Set(
        lost.anchors.flatMap((id) => {
          const place = this.clusterer.assignmentOf(id) ?? { subtopic: 0n, topic: 0n, theme: 0n }
          return [place.subtopic, place.topic, place.theme].filter((topic) => topic !== 0n)
        }),
      )
      for (const [id, { row }] of this.publisher.known)
        if (row.State === 'active' && row.Examples.some((text) => words.has(text))) outdated.add(id)
      if (outdated.size > 0) await this.publish(this.clusterer.applyEdits(toConstraints(this.edits)), 'edit', performance.now(), outdated)
      this.takeIn.forgetRepeated()
      const version = this.publisher.lastVersion
      await this.saveState()
      return { samples: lost.texts, topicIds: [...outdated], version: outdated.size > 0 ? version : this.publisher.lastVersion }
    })
  }

  /** Saves the state once what goes on has ended, so that the next start has nothing to take in again. */
  save(): Promise<void> {
    return this.inTurn(() => this.saveState())
  }

  private async prepareNow(): Promise<void> {
    await this.carryOver?.embedLandmarks(this.clusterer, this.options.signal)
    await this.inTurn(async () => {
      if (this.carryOver !== undefined) this.changeSpace(this.carryOver)
      if (this.mustWaitAgain) await waitAgain(this.options.db, this.options.project)
      this.mustWaitAgain = false
      await this.takeInRest()
      if (!this.mustPublishSpace) return
      await this.consolidate('model')
      this.mustPublishSpace = false
      await this.saveState()
    })
  }

  private changeSpace(carryOver: CarryOver): void {
    const { id, dimensions } = this.options.embedder
    // Where no text was kept, or the embedder knows none, topics begin anew.
    this.clusterer = this.clusterer.inSpace(dimensions, (anchor) => carryOver.vectorOf(anchor)) ?? createClusterer({ dimensions })
    this.takeIn.forgetRepeated()
    this.spaceId = id
    this.mustPublishSpace = true
    this.carryOver = undefined
  }

  private async takeInRest(): Promise<void> {
    if (this.replay === undefined) return
    for (let batch = await this.replay.read(); batch !== undefined; batch = await this.replay.read()) {
      const { anchorIds, topicIds } = await this.add(batch.messages, batch)
      for (const [i, id] of anchorIds.entries()) if (topicIds[i] !== batch.topics[i]) this.publisher.mustTell(id)
      this.replay.advance()
    }
    this.replay = undefined
  }

  private async saveState(): Promise<void> {
    if (this.publisher.isBehind) return
    const startedAt = Date.now()
    const { db, project, keepsTexts } = this.options
    const { clusterer, spaceId, replay } = this
    const samples = keepsTexts ? this.samples : new Samples()
    const savedAt = replay?.since ?? BigInt(startedAt) * 1_000_000n
    await saveClusterer(db, { project, spaceId, clusterer, samples, savedAt, version: this.publisher.nextVersion() })
    this.nextSaveAt = Date.now() + Math.max(saveIntervalMs, (Date.now() - startedAt) * slowSaveFactor)
  }

  private async add(messages: readonly ArrivedMessage[], past?: Past): Promise<AssignedMessages> {
    const assigned = await this.takeIn.add(this.clusterer, messages, past)
    for (const [i, message] of messages.entries()) {
      if (assigned.similarities[i] !== noVectorSimilarity && assigned.anchorIds[i] !== 0n) this.samples.add(assigned.anchorIds[i]!, message)
    }
    return assigned
  }

  private async consolidate(trigger: Trigger): Promise<void> {
    const startedAt = performance.now()
    const run = this.clusterer.consolidate(toConstraints(this.edits, trigger === 'model'))
    this.seenAtRun = this.clusterer.progress().seen
    await this.publish(run, trigger, startedAt)
    if (Date.now() >= this.nextSaveAt) await this.saveState()
  }

  private async publish(run: Run, trigger: Trigger, startedAt: number, outdated?: ReadonlySet<bigint>): Promise<void> {
    const { spaceId, clusterer, samples, edits } = this
    const shown = { spaceId, clusterer, samples, edits, ...(outdated && { outdated }) }
    this.options.onRun(await this.publisher.publish(run, trigger, startedAt, shown), run)
  }

  /** Words change at once; what moves messages goes through the clusterer. */
  private async putIntoForce(edit: StoredEdit): Promise<void> {
    if (edit.kind === 'merge' || edit.kind === 'split' || edit.kind === 'move' || edit.kind === 'pin') {
      await this.publish(this.clusterer.applyEdits(toConstraints(this.edits)), 'edit', performance.now())
      return
    }
    const before = this.publisher.known.get(edit.topicId)
    if (before !== undefined) await this.publisher.publishWords(wordedRow(before.row, this.edits))
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }
}
