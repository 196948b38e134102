/** The collector's side of the topics thread: assigns texts at arrival, carries people's edits, waits for nobody. */
import { Worker } from 'node:worker_threads'
import type { ClickHouse } from '@turret/clickhouse'
import type { TopicsConnectorConfig } from '../config/components/topics-connector.ts'
import { CollectorError } from '../errors.ts'
import type { Assignment, StoredEvent } from '../store/event-body.ts'
import { type Assigner, unassigned } from '../store/segment-events.ts'
import { type Logger, type Metrics, createRepeatedWarning } from '../telemetry.ts'
import type {
  AssignedMessages,
  Backlog,
  ErasedWords,
  Explanation,
  Forgotten,
  FromWorker,
  OpenDatabase,
  Progress,
  ToWorker,
  TopicEdit,
  TopicsWorkerData,
} from './protocol.ts'

export interface TopicsOptions {
  /** The thread loads while the database opens. */
  readonly db: Promise<ClickHouse>
  readonly config: TopicsConnectorConfig
  readonly logger: Logger
  readonly metrics: Metrics
}

/** Topics as the rest of the collector sees them. */
export interface Topics extends Assigner {
  /** The vector space in use. */
  readonly embeddingId: string
  progressOf(project: string): Progress
  /** @returns the edit's id. @throws CollectorError NOT_FOUND or INVALID_REQUEST */
  edit(project: string, author: string, edit: TopicEdit): Promise<string>
  /** @throws CollectorError NOT_FOUND */
  undo(project: string, editId: string): Promise<void>
  explain(project: string, texts: readonly string[]): Promise<readonly Explanation[]>
  /** Forgets what users said, and words anew the topics that were worded from it. */
  forget(project: string, words: ErasedWords): Promise<Forgotten>
  /** Runs the clustering now. */
  consolidate(project: string): Promise<void>
  stop(signal: AbortSignal): Promise<void>
}

const assignTimeoutMs = 1_000 // of the two seconds from acceptance to visibility
const graceMs = 300 // for the answer to arrive
const unkeptTimeoutMs = 60_000 // of texts that are not stored: there is no later
const maxWaitingMessages = 20_000 // beyond it texts are stored first and assigned later
const firstRunMessages = 60 // what `progress` says before the thread has spoken
// Node 20 cannot run TypeScript, so from the sources the compiled thread is started.
const workerModule = new URL(import.meta.url.endsWith('.ts') ? '../../dist/topics/worker.js' : './worker.js', import.meta.url)

type Request = ToWorker extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** @throws Error when the database does not open, the embedding provider cannot be loaded or its state not be read */
export async function createTopics(options: TopicsOptions): Promise<Topics> {
  const thread = new TopicsThread(options)
  try {
    await thread.start()
    return thread
  } catch (error) {
    await thread.end()
    throw error
  }
}

class TopicsThread implements Topics {
  embeddingId = ''
  private readonly options: TopicsOptions
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private readonly progress = new Map<string, Progress>()
  private readonly warnOfAssigning: (error: unknown) => void
  private nextId = 1
  private waitingMessages = 0
  private backlog: Backlog = { messages: 0, oldestAt: 0 }

  constructor(options: TopicsOptions) {
    this.options = options
    const { config, metrics, logger } = options
    this.warnOfAssigning = createRepeatedWarning(logger, 'assigning texts failed, trying again later')
    metrics.gauge(
      'turret_topics_known_share',
      'Share of the letters of recent texts that the embedding knows, 0 to 1, of the project where it is lowest',
      () => Math.min(1, ...[...this.progress.values()].map(({ knownShare }) => knownShare ?? 1)),
    )
    metrics.gauge('turret_topics_waiting_messages', 'Stored messages that wait for their topic', () => this.backlog.messages)
    metrics.gauge('turret_topics_oldest_waiting_seconds', 'How long the oldest of them has waited', () =>
      this.backlog.messages === 0 ? 0 : Math.max(0, Date.now() - this.backlog.oldestAt) / 1000,
    )
    const workerData: TopicsWorkerData = { config }
    this.worker = new Worker(workerModule, { workerData, name: 'topics', execArgv: [] }) // the thread runs compiled code, whatever runs us
  }

  async start(): Promise<void> {
    await Promise.all([this.whenReady(), this.tellDatabase()])
    this.worker.removeAllListeners('exit').removeAllListeners('error')
    this.worker.on('error', (error) => this.options.logger.error('the topics thread failed', { error: String(error) }))
    this.worker.on('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('the topics thread has ended'))
      this.waiting.clear()
    })
  }

  async assign(events: readonly StoredEvent[], signal: AbortSignal): Promise<readonly Assignment[]> {
    const assignments = new Map<StoredEvent, Assignment>()
    for (const project of new Set(events.map((event) => event.project))) {
      const own = events.filter((event) => event.project === project)
      const found = await this.assignInTime(project, own, signal)
      this.options.metrics.unassignedTexts.inc(own.length - (found?.length ?? 0))
      for (const [i, event] of own.entries()) assignments.set(event, found?.[i] ?? unassigned(event.text))
    }
    return events.map((event) => assignments.get(event)!)
  }

  progressOf(project: string): Progress {
    return this.progress.get(project) ?? { seen: 0, until: firstRunMessages }
  }

  async edit(project: string, author: string, edit: TopicEdit): Promise<string> {
    return (await this.ask({ type: 'edit', project, author, edit })) as string
  }

  async undo(project: string, editId: string): Promise<void> {
    await this.ask({ type: 'undo', project, editId })
  }

  async explain(project: string, texts: readonly string[]): Promise<readonly Explanation[]> {
    return (await this.ask({ type: 'explain', project, texts })) as Explanation[]
  }

  async forget(project: string, words: ErasedWords): Promise<Forgotten> {
    return (await this.ask({ type: 'forget', project, words })) as Forgotten
  }

  async consolidate(project: string): Promise<void> {
    await this.ask({ type: 'consolidate', project })
  }

  async stop(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([
      this.ask({ type: 'stop' }).catch((error: unknown) =>
        this.options.logger.warn('the topics thread did not stop in order', { error: String(error) }),
      ),
      aborted,
    ])
    await this.end()
  }

  async end(): Promise<void> {
    await this.worker.terminate()
  }

  /** The first of them, as many as the thread reaches in time: the others are assigned later, from the database. */
  private async assignInTime(project: string, events: readonly StoredEvent[], signal: AbortSignal): Promise<Assignment[] | undefined> {
    const { storeContent } = this.options.config
    const timeoutMs = storeContent ? assignTimeoutMs : unkeptTimeoutMs
    if (storeContent && this.waitingMessages + events.length > maxWaitingMessages) return undefined
    const messages = events.map(({ text, userId, sessionId }) => ({ text, userId, sessionId }))
    this.waitingMessages += messages.length
    const asked = this.ask({ type: 'assign', project, messages, deadline: Date.now() + timeoutMs }).finally(
      () => (this.waitingMessages -= messages.length),
    )
    const inTime = await withTimeout(asked, timeoutMs + graceMs, signal).catch((error: unknown) => {
      this.warnOfAssigning(error)
      return undefined
    })
    const found = inTime as AssignedMessages | undefined
    if (found === undefined) return undefined
    return Array.from(found.textHashes, (textHash, i) => ({
      textHash,
      anchorId: found.anchorIds[i]!,
      topicId: found.topicIds[i]!,
      similarity: found.similarities[i]!,
      outlierScore: found.outlierScores[i]!,
    }))
  }

  private whenReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.worker.once('error', reject)
      this.worker.once('exit', (code) => reject(new Error(`the topics thread ended with ${code} before it was ready`)))
      this.worker.on('message', (message: FromWorker) => {
        if (message.type === 'ready') {
          this.embeddingId = message.embeddingId
          resolve()
        } else this.receive(message)
      })
    })
  }

  private async tellDatabase(): Promise<void> {
    const { url, database, embedded } = await this.options.db
    const open: OpenDatabase = { url, database, isAlone: embedded }
    this.worker.postMessage(open)
  }

  private ask(request: Request): Promise<unknown> {
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.worker.postMessage({ ...request, id })
    })
  }

  private receive(message: FromWorker): void {
    const { logger, metrics } = this.options
    if (message.type === 'log') logger[message.level](message.message, message.fields)
    else if (message.type === 'progress') this.progress.set(message.project, message.progress)
    else if (message.type === 'backlog') this.backlog = message.backlog
    else if (message.type === 'no vector') metrics.textsWithoutVector.inc({ reason: message.reason }, message.texts)
    else if (message.type === 'run') metrics.consolidationSeconds.observe(message.seconds)
    else if (message.type === 'result' || message.type === 'failed') {
      const waiting = this.waiting.get(message.id)
      this.waiting.delete(message.id)
      if (message.type === 'result') waiting?.resolve(message.value)
      else waiting?.reject(new CollectorError(message.code, message.message))
    }
  }
}

/** The promise's value, or undefined after `ms` or when `signal` aborts. */
async function withTimeout<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
    onAbort = () => resolve(undefined)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
  }
}
