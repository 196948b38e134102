/** The topics thread: owns the embedder and every project's clusterer, so that clustering never holds up a request. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ClickHouse, openClickHouse, toClickHouseError } from '@turret/clickhouse'
import { createEmbedder } from '../embed/create-embedder.ts'
import type { Embedder } from '../embed/embedder.ts'
import type { Labeler } from '../label/labeler.ts'
import { createLlmLabeler } from '../label/llm-labeler.ts'
import { createPhraseLabeler } from '../label/phrase-labeler.ts'
import { catchUp, projectsToCatchUp } from './catch-up.ts'
import { EditRefused } from './edits.ts'
import { ProjectTopics } from './project-topics.ts'
import type { FromWorker, ToWorker, TopicsWorkerData } from './protocol.ts'

const { databaseUrl, database, config } = workerData as TopicsWorkerData
const catchUpIntervalMs = 2_000

/** What the thread holds while it runs. */
class TopicsWorker {
  private readonly db: ClickHouse
  private readonly embedder: Embedder
  private readonly labeler: Labeler
  private readonly projects = new Map<string, Promise<ProjectTopics>>()
  private readonly unknownTexts = new Map<string, Set<string>>()
  private readonly aborter = new AbortController()
  private catchUpTimer: NodeJS.Timeout | undefined
  private catchingUp: Promise<void> | undefined

  constructor(db: ClickHouse, embedder: Embedder, labeler: Labeler) {
    this.db = db
    this.embedder = embedder
    this.labeler = labeler
  }

  /** Opens every project that has events, so that its first message finds its topics. */
  async start(): Promise<void> {
    const rows = await this.db.query<{ Project: string }>('SELECT DISTINCT Project FROM events')
    for (const { Project } of rows) await this.project(Project)
    this.scheduleCatchUp()
  }

  async answer(message: ToWorker): Promise<unknown> {
    switch (message.type) {
      case 'assign': {
        const topics = await this.project(message.project)
        const assigned = await topics.assign(message.messages, message.deadline)
        // The answer goes out first; the run that may be due now holds up only what comes after it.
        setImmediate(() => this.background(topics.consolidateIfDue().then(() => this.tellProgress(message.project, topics))))
        this.tellProgress(message.project, topics)
        return assigned
      }
      case 'edit':
        return (await this.project(message.project)).edit(message.author, message.edit)
      case 'undo':
        return (await this.project(message.project)).undo(message.editId)
      case 'explain':
        return (await this.project(message.project)).explain(message.texts)
      case 'forget':
        return (await this.project(message.project)).forget(message.words)
      case 'consolidate':
        return (await this.project(message.project)).consolidateNow()
      case 'stop':
        return this.stop()
    }
    return undefined
  }

  private project(name: string): Promise<ProjectTopics> {
    let project = this.projects.get(name)
    if (project === undefined) {
      project = ProjectTopics.open({
        project: name,
        db: this.db,
        embedder: this.embedder,
        labeler: this.labeler,
        onRun: (seconds) => post({ type: 'run', project: name, seconds }),
        signal: this.aborter.signal,
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

  private tellProgress(project: string, topics: ProjectTopics): void {
    post({ type: 'progress', project, progress: topics.progress })
  }

  private scheduleCatchUp(): void {
    this.catchUpTimer = setTimeout(() => {
      this.catchingUp = this.catchUpAll().finally(() => this.scheduleCatchUp())
      this.background(this.catchingUp)
    }, catchUpIntervalMs)
  }

  private async catchUpAll(): Promise<void> {
    for (const project of await projectsToCatchUp(this.db)) {
      const topics = await this.project(project)
      const unknown = this.unknownTexts.get(project) ?? new Set()
      this.unknownTexts.set(project, unknown)
      while (!this.aborter.signal.aborted && (await catchUp(this.db, project, topics, unknown)) > 0) await topics.consolidateIfDue()
    }
  }

  private async stop(): Promise<void> {
    clearTimeout(this.catchUpTimer)
    for (const project of this.projects.values()) await (await project).save()
    this.aborter.abort()
    await this.embedder.close()
    await this.db.close()
  }

  /** Work that nobody waits for: a failure is told and tried again by itself. */
  private background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (this.aborter.signal.aborted) return
      post({
        type: 'log',
        level: 'warn',
        message: 'topics: background work failed, it is tried again',
        fields: { error: toClickHouseError(error).message.slice(0, 300) },
      })
    })
  }
}

function post(message: FromWorker): void {
  parentPort!.postMessage(message)
}

function createLabeler(): Labeler {
  const phrase = createPhraseLabeler()
  const { llm } = config.labels
  if (llm === 'off') return phrase
  const log =
    (level: 'info' | 'warn') =>
    (message: string, fields?: object): void =>
      post({ type: 'log', level, message, fields: { ...fields } })
  return createLlmLabeler({
    ...(llm.baseUrl !== '' && { baseURL: llm.baseUrl }),
    apiKey: llm.apiKey,
    model: llm.model,
    timeoutMs: llm.timeoutMs,
    monthlyBudgetUsd: llm.monthlyBudgetUsd,
    pricing: { inputUsdPerMillion: llm.inputUsdPerMillion, outputUsdPerMillion: llm.outputUsdPerMillion },
    redact: llm.redact,
    fallback: phrase,
    logger: { info: log('info'), warn: log('warn') },
  })
}

const db = await openClickHouse({ url: databaseUrl, database })
const embedder = await createEmbedder(config.embedding)
const worker = new TopicsWorker(db, embedder, createLabeler())
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
