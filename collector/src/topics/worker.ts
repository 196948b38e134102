/** The topics thread: owns the embedder and every project's clusterer, so that clustering never holds up a request. */
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { type ClickHouse, openClickHouse, toClickHouseError } from '@turret/clickhouse'
import { createEmbedder } from '../embed/create-embedder.ts'
import type { Embedder } from '../embed/embedder.ts'
import type { Labeler } from '../label/labeler.ts'
import { createPhraseLabeler } from '../label/phrase-labeler.ts'
import { CatchUp } from './catch-up.ts'
import { EditRefused } from './edits.ts'
import { createStoredLabelCache, createStoredLedger } from './label-store.ts'
import { Leadership } from './leadership.ts'
import { MapKeeper, type MapKeeperOptions } from './map-keeper.ts'
import { ProjectTopics } from './project-topics.ts'
import { createRepeatedWarning } from '../telemetry.ts'
import type { FromWorker, OpenDatabase, ToWorker, TopicsWorkerData } from './protocol.ts'
import type { NoVectorReason } from './no-vector.ts'
import { readBacklogs } from './waiting-texts.ts'

const { config } = workerData as TopicsWorkerData
const catchUpIntervalMs = 2_000
const behindMs = 500 // for texts that were not reached in time to be stored
const backlogMs = 5_000 // between two looks at how much waits, while it is worked off
const copyMs = 60_000 // how old a copy of another collector's topics may be

/** What the thread holds while it runs. */
class TopicsWorker {
  private readonly db: ClickHouse
  private readonly embedder: Embedder
  private readonly labeler: Labeler
  private readonly projects = new Map<string, Promise<ProjectTopics>>()
  private readonly catchUps = new WeakMap<ProjectTopics, CatchUp>()
  private readonly maps = new Map<string, MapKeeper>()
  /** Copies of projects that another collector leads, to explain by. */
  private readonly copies = new Map<string, { readonly topics: Promise<ProjectTopics>; readonly until: number }>()
  private readonly leadership: Leadership
  private readonly aborter = new AbortController()
  private catchUpTimer: NodeJS.Timeout | undefined
  private isCatchingUp = false
  private readonly preparing = new Set<ProjectTopics>()

  constructor(db: ClickHouse, isAlone: boolean, embedder: Embedder, labeler: Labeler) {
    this.db = db
    this.embedder = embedder
    this.labeler = labeler
    this.leadership = new Leadership({
      db,
      isAlone,
      onLost: (project) => {
        this.projects.delete(project)
        log('info', 'another collector leads the project now', { project })
      },
      onError: (error) => log('warn', 'looking at leases failed, trying again', { error: messageOf(error) }),
    })
  }

  /** Opens every project that has events, so that its first message finds its topics. */
  async start(): Promise<void> {
    this.leadership.start()
    const rows = await this.db.query<{ Project: string }>('SELECT DISTINCT Project FROM events')
    for (const { Project } of rows) if (await this.leadership.leads(Project)) this.background(this.project(Project))
    this.scheduleCatchUp(catchUpIntervalMs)
  }

  async answer(message: ToWorker): Promise<unknown> {
    if (message.type === 'stop') return this.stop()
    const { project } = message
    if (message.type === 'assign') return this.assign(message)
    if (message.type === 'explain') return (await this.project(project, !(await this.leadership.leads(project)))).explain(message.texts)
    await this.leadership.take(project)
    const topics = await this.project(project)
    if (message.type === 'edit') return topics.edit(message.author, message.edit)
    if (message.type === 'undo') return topics.undo(message.editId)
    return message.type === 'forget' ? topics.forget(message.words) : topics.consolidateNow()
  }

  /** undefined when another collector leads: it finds the texts in the database. */
  private async assign({ project, messages, deadline }: Extract<ToWorker, { type: 'assign' }>): Promise<unknown> {
    if (!(await this.leadership.leads(project))) return undefined
    const topics = await this.project(project)
    const assigned = await topics.assign(messages, deadline)
    if (assigned === undefined || assigned.anchorIds.length < messages.length) {
      topics.isBehind = true // until what was not reached has been caught up with
      this.scheduleCatchUp(behindMs)
    }
    // The answer goes out first; the run that may be due now holds up only what comes after it.
    setImmediate(() => this.background(topics.consolidateIfDue().then(() => this.tellProgress(project, topics))))
    this.tellProgress(project, topics)
    return assigned
  }

  private project(name: string, isCopy = false): Promise<ProjectTopics> {
    if (isCopy) return this.copy(name)
    let project = this.projects.get(name)
    if (project === undefined) {
      project = this.open(name).then((topics) => {
        this.background(this.prepare(name, topics))
        return topics
      })
      this.projects.set(name, project)
      // A project that could not be opened is opened again at its next message.
      project.then(
        (topics) => this.tellProgress(name, topics),
        () => this.projects.delete(name),
      )
    }
    return project
  }

  /** What fails here is tried again by `catchUpAll`. */
  private async prepare(project: string, topics: ProjectTopics): Promise<void> {
    if (this.preparing.has(topics)) return
    this.preparing.add(topics)
    const { formerSpace: from } = topics
    const startedAt = performance.now()
    await topics.prepare().finally(() => this.preparing.delete(topics))
    this.tellProgress(project, topics)
    this.mapOf(project).refresh()
    this.scheduleCatchUp(0) // texts that came meanwhile have waited long enough
    if (from === undefined) return
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    log('info', 'topics were carried over to another embedding', { project, from, to: this.embedder.id, seconds })
  }

  private copy(name: string): Promise<ProjectTopics> {
    const known = this.copies.get(name)
    if (known !== undefined && known.until > performance.now()) return known.topics
    const topics = this.open(name).then(async (copy) => {
      if (copy.formerSpace === undefined) await copy.prepare()
      return copy
    })
    this.copies.set(name, { topics, until: performance.now() + copyMs })
    topics.catch(() => this.copies.delete(name))
    return topics
  }

  private open(project: string): Promise<ProjectTopics> {
    const { db, embedder, labeler } = this
    const onRun = (seconds: number): void => {
      post({ type: 'run', project, seconds })
      this.mapOf(project).refresh()
    }
    const { storeContent: keepsTexts } = config
    return ProjectTopics.open({ project, db, embedder, labeler, keepsTexts, onRun, onNoVector: tellNoVector, signal: this.aborter.signal })
  }

  private mapOf(project: string): MapKeeper {
    const { db, projects, aborter } = this
    const due = async (): ReturnType<MapKeeperOptions['due']> => (await projects.get(project))?.mapDue
    const onError = (error: unknown): void =>
      log('warn', 'drawing the map failed, the next run tries again', { project, error: messageOf(error) })
    const map = this.maps.get(project) ?? new MapKeeper({ project, db, due, onError, signal: aborter.signal })
    this.maps.set(project, map)
    return map
  }

  private tellProgress(project: string, topics: ProjectTopics): void {
    post({ type: 'progress', project, progress: topics.progress })
  }

  /** Unless it goes on right now. */
  private scheduleCatchUp(inMs: number): void {
    if (this.isCatchingUp || this.aborter.signal.aborted) return
    clearTimeout(this.catchUpTimer)
    this.catchUpTimer = setTimeout(() => {
      this.isCatchingUp = true
      const work = this.catchUpAll().finally(() => {
        this.isCatchingUp = false
        this.scheduleCatchUp(catchUpIntervalMs)
      })
      this.background(work)
    }, inMs)
  }

  private async catchUpAll(): Promise<void> {
    for (const [name, project] of this.projects) {
      const topics = await project
      topics.isBehind = false
      if (topics.isReady) continue
      this.tellProgress(name, topics)
      this.background(this.prepare(name, topics))
    }
    const backlogs = await this.readBacklogs()
    for (const { project } of backlogs) {
      if (!(await this.leadership.leads(project))) continue
      const topics = await this.project(project)
      if (topics.isReady) await this.catchUp(project, topics)
      topics.isBehind = false
      await topics.consolidateIfDue()
    }
    if (backlogs.length > 0) await this.readBacklogs()
  }

  private async catchUp(project: string, topics: ProjectTopics): Promise<void> {
    const { db, embedder } = this
    const catchUp = this.catchUps.get(topics) ?? new CatchUp({ db, project, topics, embedder, onNoVector: tellNoVector })
    this.catchUps.set(topics, catchUp)
    for (let toldAt = performance.now(); !this.aborter.signal.aborted && (await catchUp.step());) {
      topics.isBehind = true
      await topics.consolidateIfDue()
      if (performance.now() - toldAt < backlogMs) continue
      await this.readBacklogs()
      toldAt = performance.now()
    }
  }

  /** Reads what waits, and tells how much that is. */
  private async readBacklogs(): ReturnType<typeof readBacklogs> {
    const backlogs = await readBacklogs(this.db)
    const messages = backlogs.reduce((sum, backlog) => sum + backlog.messages, 0)
    post({ type: 'backlog', backlog: { messages, oldestAt: Math.min(...backlogs.map(({ oldestAt }) => oldestAt), Date.now()) } })
    return backlogs
  }

  private async stop(): Promise<void> {
    clearTimeout(this.catchUpTimer)
    for (const [project, topics] of this.projects) {
      await topics
        .then((opened) => opened.save())
        .catch((error: unknown) =>
          log('warn', 'topics were not saved, the next start takes texts in again', { project, error: messageOf(error) }),
        )
    }
    await this.leadership.stop()
    this.aborter.abort()
    await Promise.all([...this.maps.values()].map((map) => map.settled()))
    await this.embedder.close()
    await this.db.close()
  }

  /** Work that nobody waits for: a failure is told and tried again by itself. */
  private background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.aborter.signal.aborted) warnOfBackground(messageOf(error))
    })
  }
}

function tellNoVector(reason: NoVectorReason, texts: number): void {
  post({ type: 'no vector', reason, texts })
}

function messageOf(error: unknown): string {
  return toClickHouseError(error).message.slice(0, 300)
}

const logger = {
  info: (message: string, fields?: object) => log('info', message, fields),
  warn: (message: string, fields?: object) => log('warn', message, fields),
}
const warnOfBackground = createRepeatedWarning(logger, 'topics: background work failed, it is tried again')

function post(message: FromWorker): void {
  parentPort!.postMessage(message)
}

function log(level: 'info' | 'warn', message: string, fields?: object): void {
  post({ type: 'log', level, message, fields: { ...fields } })
}

async function createLabeler(db: ClickHouse): Promise<Labeler> {
  const phrase = createPhraseLabeler()
  const { llm } = config.labels
  if (llm === 'off') return phrase
  const { createLlmLabeler } = await import('../label/llm-labeler.ts') // a tenth of a second that few need
  return createLlmLabeler({
    ...(llm.baseUrl !== '' && { baseURL: llm.baseUrl }),
    apiKey: llm.apiKey,
    model: llm.model,
    timeoutMs: llm.timeoutMs,
    monthlyBudgetUsd: llm.monthlyBudgetUsd,
    pricing: { inputUsdPerMillion: llm.inputUsdPerMillion, outputUsdPerMillion: llm.outputUsdPerMillion },
    redact: llm.redact,
    fallback: phrase,
    ledger: createStoredLedger(db, llm.model),
    cache: createStoredLabelCache(db),
    logger,
  })
}

const opening = once(parentPort!, 'message') as Promise<[OpenDatabase]>
const embedder = await createEmbedder(config.embedding)
const [{ url, database, isAlone }] = await opening
const db = await openClickHouse({ url, database })
const worker = new TopicsWorker(db, isAlone, embedder, await createLabeler(db))
await worker.start()
parentPort!.on('message', (message: ToWorker) => {
  worker.answer(message).then(
    (value) => post({ type: 'result', id: message.id, value }),
    (error: unknown) => {
      const code = error instanceof EditRefused ? error.code : 'INTERNAL'
      post({ type: 'failed', id: message.id, code, message: error instanceof Error ? error.message : String(error) })
    },
  )
})
post({ type: 'ready', embeddingId: embedder.id })
