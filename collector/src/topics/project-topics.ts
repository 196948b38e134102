/** The topics of one project: takes texts in, runs the clustering when it is due, publishes what came out. */
import type { ClickHouse } from '@turret/clickhouse'
import { type Clusterer, createClusterer } from '../cluster/clusterer.ts'
import { type Matrix, createMatrix } from '../cluster/matrix.ts'
import type { Past } from '../cluster/assign.ts'
import type { Run } from '../cluster/report.ts'
import type { Embedder } from '../embed/embedder.ts'
import { hashText } from '../embed/text-hash.ts'
import type { Labeler } from '../label/labeler.ts'
import { type LoggedEdit, newEdit, readEdits, toConstraints, writeEdit } from './edit-log.ts'
import { EditRefused, fillIn, wordedRow } from './edits.ts'
import { replayEvents } from './replay.ts'
import type { ArrivedMessage, AssignedMessages, ErasedWords, Explanation, Forgotten, Progress, StoredEdit, TopicEdit } from './protocol.ts'
import { Publisher } from './publisher.ts'
import { restoreSaved, saveClusterer } from './saved-clusterer.ts'
import { Samples, maxTextLength } from './samples.ts'
import { readKnownTopics } from './known-topics.ts'

export interface ProjectTopicsOptions {
  readonly project: string
  readonly db: ClickHouse
  readonly embedder: Embedder
  readonly labeler: Labeler
  /** false: users' texts stay in memory, and are shown to nobody. */
  readonly keepsTexts: boolean
  readonly onRun: (seconds: number, run: Run) => void
  readonly signal: AbortSignal
}

const saveIntervalMs = 60_000 // a restart replays at most what came in since
const slowSaveFactor = 50 // a large state is saved so rarely that saving takes at most 2 % of the time

/** Everything happens in one thread; calls that change the clustering take turns. */
export class ProjectTopics {
  private readonly options: ProjectTopicsOptions
  private readonly publisher: Publisher
  private clusterer: Clusterer
  private samples = new Samples()
  private edits: LoggedEdit[] = []
  private savedAt = 0
  private nextSaveAt = 0
  private turn: Promise<unknown> = Promise.resolve()
  private constructor(options: ProjectTopicsOptions, publisher: Publisher) {
    this.options = options
    this.publisher = publisher
    this.clusterer = createClusterer({ dimensions: options.embedder.dimensions })
  }

  /** Goes on from the saved state, and takes in again what came after it. */
  static async open(options: ProjectTopicsOptions): Promise<ProjectTopics> {
    const { db, project, embedder, labeler, keepsTexts, signal } = options
    const saved = await restoreSaved(db, project, embedder)
    const known = await readKnownTopics(db, project)
    const publisher = new Publisher({
      project,
      db,
      spaceId: embedder.id,
      labeler,
      keepsTexts,
      signal,
      known,
      lastVersion: saved?.version ?? 0,
    })
    const topics = new ProjectTopics(options, publisher)
    if (saved !== undefined) {
      topics.clusterer = saved.clusterer
      topics.samples = saved.samples
    }
    topics.edits = await readEdits(db, project)
    topics.savedAt = Date.now()
    for await (const replayed of replayEvents(db, project, saved?.savedAt ?? 0n)) {
      const { anchorIds, topicIds } = await topics.add(replayed.messages, replayed)
      for (const [i, id] of anchorIds.entries()) if (topicIds[i] !== replayed.topics[i]) publisher.mustTell(id)
    }
    return topics
  }

  get progress(): Progress {
    const { seen, until } = this.clusterer.progress()
    return { seen, until: this.publisher.known.size > 0 ? 0 : until }
  }

  /**
   * Gives each message its anchor and, where there are topics, its topic.
   * @param deadline Unix ms: when its turn comes later, nothing happens and the answer is undefined
   */
  assign(messages: readonly ArrivedMessage[], deadline = Infinity): Promise<AssignedMessages | undefined> {
    return this.inTurn(async () => (Date.now() > deadline ? undefined : this.add(messages)))
  }

  /** Runs the clustering if it is due. */
  consolidateIfDue(): Promise<void> {
    return this.inTurn(async () => {
      if (this.clusterer.isDue()) await this.consolidate('schedule')
    })
  }

  consolidateNow(): Promise<void> {
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
    const vectors = await this.options.embedder.embed(texts, { signal: this.options.signal })
    return texts.map((_text, row) => {
      const { nearest, votes } = this.clusterer.explain(vectors.data.subarray(row * vectors.cols, (row + 1) * vectors.cols))
      return {
        similarity: nearest[0]?.similarity ?? 0,
        secondTopicId: votes[1]?.topic ?? 0n,
        secondShare: votes[1]?.share ?? 0,
        nearest: nearest.flatMap(({ anchorId, similarity, topic }) => {
          const [example] = this.options.keepsTexts ? this.samples.of(anchorId, similarity) : []
          return example === undefined ? [] : [{ text: example.text, similarity, topicId: topic }]
        }),
      }
    })
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
      const version = this.publisher.lastVersion
      await this.saveState()
      return { samples: lost.texts, topicIds: [...outdated], version: outdated.size > 0 ? version : this.publisher.lastVersion }
    })
  }

  /** Saves the state once what goes on has ended, so that the next start has nothing to take in again. */
  save(): Promise<void> {
    return this.inTurn(() => this.saveState())
  }

  private async saveState(): Promise<void> {
    if (this.publisher.isBehind) return
    const startedAt = Date.now()
    const { db, project, embedder, keepsTexts } = this.options
    const samples = keepsTexts ? this.samples : new Samples()
    await saveClusterer(db, { project, embedder, clusterer: this.clusterer, samples, version: this.publisher.nextVersion() })
    this.savedAt = Date.now()
    this.nextSaveAt = this.savedAt + Math.max(saveIntervalMs, (this.savedAt - startedAt) * slowSaveFactor)
  }

  private async add(messages: readonly ArrivedMessage[], past?: Past): Promise<AssignedMessages> {
    const { embedder, project, signal } = this.options
    const textHashes = BigUint64Array.from(messages, ({ text }) => hashText(text))
    const rowOf = new Map<bigint, number>()
    const distinct: string[] = []
    for (const [i, hash] of textHashes.entries()) {
      if (rowOf.has(hash)) continue
      rowOf.set(hash, distinct.length)
      distinct.push(messages[i]!.text)
    }
    const vectors = await embedder.embed(distinct, { signal })
    const ids = BigUint64Array.from(textHashes, (hash) => anchorId(project, embedder.id, hash))
    const assigned = this.clusterer.add(spread(vectors, textHashes, rowOf), ids, past)
    for (const [i, message] of messages.entries()) {
      if (assigned.anchorIds[i] !== 0n) this.samples.add(assigned.anchorIds[i]!, message)
    }
    return {
      textHashes,
      anchorIds: assigned.anchorIds,
      topicIds: assigned.topics,
      similarities: assigned.similarities,
      outlierScores: assigned.outlierScores,
    }
  }

  private async consolidate(trigger: 'schedule' | 'edit'): Promise<void> {
    const startedAt = performance.now()
    const run = this.clusterer.consolidate(toConstraints(this.edits))
    await this.publish(run, trigger, startedAt)
    if (Date.now() >= this.nextSaveAt) await this.saveState()
  }

  private async publish(run: Run, trigger: 'schedule' | 'edit', startedAt: number, outdated?: ReadonlySet<bigint>): Promise<void> {
    const { clusterer, samples, edits } = this
    const seconds = await this.publisher.publish(run, trigger, startedAt, { clusterer, samples, edits, ...(outdated && { outdated }) })
    this.options.onRun(seconds, run)
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

/** The same for the same text in the same space of the same project, whoever asks: two leaders agree. */
export function anchorId(project: string, spaceId: string, textHash: bigint): bigint {
  return textHash === 0n ? 0n : hashText(`${project}\n${spaceId}\n${textHash.toString(16)}`)
}

/** One row per message from one row per distinct text. */
function spread(vectors: Matrix, textHashes: BigUint64Array, rowOf: ReadonlyMap<bigint, number>): Matrix {
  const { cols } = vectors
  if (vectors.rows === textHashes.length) return vectors
  const all = createMatrix(textHashes.length, cols)
  for (const [i, hash] of textHashes.entries()) {
    const row = rowOf.get(hash)!
    all.data.set(vectors.data.subarray(row * cols, (row + 1) * cols), i * cols)
  }
  return all
}
