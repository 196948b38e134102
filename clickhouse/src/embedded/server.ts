// Starts the embedded ClickHouse server, a child process, and keeps it running on one address until it is stopped.

import { fork, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { defaultMaxMemoryBytes } from './engine-config.ts'
import type { ReadyMessage, StartMessage, ToParent } from './messages.ts'

export interface Logger {
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}

export type EmbeddedServerState = 'starting' | 'ready' | 'restarting' | 'stopped'

export interface EmbeddedServerOptions {
  /** Tables go to `clickhouse/` inside it, temporary files to `tmp/`; made if absent. One process at a time. */
  readonly dataDir: string
  /** Default 0: any free one. */
  readonly port?: number
  /** Default: a random one. */
  readonly password?: string
  /** What the engine may allocate; its own program text comes on top. */
  readonly maxMemoryBytes?: number
  readonly logger?: Logger
  readonly onStateChange?: (state: EmbeddedServerState) => void
  /** Aborts the start. */
  readonly signal?: AbortSignal
}

export interface EmbeddedServer {
  /** `http://default:<password>@127.0.0.1:<port>`: the same for the whole life, across restarts of the child. */
  readonly url: string
  /** Of the child that runs now. */
  readonly pid: number | undefined
  readonly state: EmbeddedServerState
  /** How often the child had to be started again. */
  readonly restarts: number
  /** Ends the child in order; safe to call twice. */
  stop(): Promise<void>
}

const startTimeoutMs = 15_000
const stopTimeoutMs = 10_000
const backOffMs = { first: 200, last: 5000 } as const
const stableAfterMs = 30_000 // a child that lived this long starts the back-off anew
const lookIntervalMs = 5000
const hungAfterMs = 30_000 // its event loop never waits for a query, so even a busy engine answers
const stderrTailChars = 4096
// chdb holds one libuv thread per running query: six lanes, control queries, and the file system's own calls.
const threadPoolSize = 16
// Node 20 cannot run TypeScript, so from the sources the compiled child is started.
const childModule = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/embedded/main.js' : './main.js', import.meta.url))

/**
 * Starts the server and resolves when it answers.
 * @throws Error if the engine cannot be opened (directory in use, unreadable, chdb not installed) or is not ready within 15 s
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const server = new Supervisor(options)
  await server.start(options.signal)
  return server
}

class Supervisor implements EmbeddedServer {
  state: EmbeddedServerState = 'starting'
  restarts = 0
  readonly #start: { -readonly [K in keyof StartMessage]: StartMessage[K] }
  readonly #logger: Logger | undefined
  readonly #onStateChange: ((state: EmbeddedServerState) => void) | undefined
  readonly #stopping = new AbortController()
  #child: ChildProcess | undefined
  #restarting: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  #backOffMs: number = backOffMs.first

  constructor(options: EmbeddedServerOptions) {
    const { dataDir, port = 0, password = randomBytes(24).toString('base64url'), maxMemoryBytes = defaultMaxMemoryBytes } = options
    const dataDirectory = resolve(dataDir)
    if (/[*?{}]/.test(dataDirectory)) throw new RangeError(`data directory: must not hold any of * ? { }, got ${dataDirectory}`)
    this.#start = { type: 'start', dataDirectory, port, password, maxMemoryBytes }
    this.#logger = options.logger
    this.#onStateChange = options.onStateChange
  }

  get url(): string {
    return `http://default:${encodeURIComponent(this.#start.password)}@127.0.0.1:${this.#start.port}`
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(signal?: AbortSignal): Promise<void> {
    try {
      const version = await this.#spawn(signal)
      this.#logger?.info('embedded ClickHouse started', { version, port: this.#start.port, pid: this.pid })
    } catch (error) {
      this.#change('stopped')
      throw error
    }
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop())
  }

  async #stop(): Promise<void> {
    this.#stopping.abort()
    await this.#restarting
    await endChild(this.#child)
    this.#change('stopped')
    this.#logger?.info('embedded ClickHouse stopped')
  }

  /** One child from fork to ready. @returns the engine's version */
  async #spawn(signal?: AbortSignal): Promise<string> {
    mkdirSync(this.#start.dataDirectory, { recursive: true })
    const child = fork(childModule, {
      cwd: this.#start.dataDirectory, // the engine caches the schemas of INSERTs where it runs
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'], // an INSERT of the engine would read stdin
      execArgv: ['--max-old-space-size=128'], // results live outside the heap
      env: childEnvironment(),
    })
    this.#child = child
    try {
      child.send(this.#start)
      const { port, version } = await whenReady(child, signal ? [signal, this.#stopping.signal] : [this.#stopping.signal])
      this.#start.port = port
      this.#watch(child)
      this.#change('ready')
      return version
    } catch (error) {
      await endChild(child)
      throw error
    }
  }

  #watch(child: ChildProcess): void {
    const startedAt = Date.now()
    child.on('message', (message: ToParent) => {
      if (message.type === 'crashed') this.#logger?.error('embedded ClickHouse crashed', { error: message.name, stack: message.stack })
    })
    const watchdog = this.#killWhenHung(child)
    child.once('exit', (code, exitSignal) => {
      clearInterval(watchdog)
      if (this.#stopping.signal.aborted) return
      if (Date.now() - startedAt > stableAfterMs) this.#backOffMs = backOffMs.first
      this.#logger?.warn('embedded ClickHouse ended unexpectedly and is started again', { code, signal: exitSignal })
      this.#change('restarting')
      this.#restarting = this.#restart()
    })
  }

  /** A fault inside the engine may leave its process there and silent: nobody else would ever end it. */
  #killWhenHung(child: ChildProcess): NodeJS.Timeout {
    let answeredAt = Date.now()
    const look = async (): Promise<void> => {
      if (await answers(this.#start.port)) answeredAt = Date.now()
      else if (Date.now() - answeredAt > hungAfterMs && !this.#stopping.signal.aborted) {
        this.#logger?.error('embedded ClickHouse does not answer and is killed', { silentMs: Date.now() - answeredAt })
        child.kill('SIGKILL')
      }
    }
    return setInterval(() => void look(), lookIntervalMs).unref()
  }

  async #restart(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.restarts += 1
      try {
        await sleep(this.#backOffMs, undefined, { signal: this.#stopping.signal })
        this.#backOffMs = Math.min(this.#backOffMs * 2, backOffMs.last)
        await this.#spawn()
        this.#logger?.info('embedded ClickHouse is back', { restarts: this.restarts, pid: this.pid })
        return
      } catch (error) {
        if (!this.#stopping.signal.aborted)
          this.#logger?.error('embedded ClickHouse did not start', { error: String(error), nextTryMs: this.#backOffMs })
      }
    }
  }

  #change(state: EmbeddedServerState): void {
    if (state === this.state) return
    this.state = state
    this.#onStateChange?.(state)
  }
}

/** Waits for the child's word that it listens; gives up when one of the signals aborts. */
async function whenReady(child: ChildProcess, signals: readonly AbortSignal[]): Promise<ReadyMessage> {
  let stderr = '' // what the engine says of a failed start; once it is ready nothing is kept, for it could quote a query
  const keepTail = (chunk: Buffer): void => void (stderr = (stderr + chunk.toString()).slice(-stderrTailChars))
  const settled = new AbortController() // takes every listener away
  const { signal } = settled
  child.stderr!.on('data', keepTail)
  try {
    return await new Promise<ReadyMessage>((done, failed) => {
      const fail = (why: string): void => failed(new Error(`embedded ClickHouse did not start: ${why}${stderr && `\n${stderr.trim()}`}`))
      for (const given of signals) {
        given.addEventListener('abort', () => fail('stopped'), { once: true, signal })
        if (given.aborted) fail('stopped')
      }
      setTimeout(() => fail(`not ready within ${startTimeoutMs / 1000} s`), startTimeoutMs).unref()
      child.once('error', (error) => fail(error.message))
      child.once('exit', (code, exitSignal) => fail(`its process ended with ${exitSignal ?? code}`))
      child.on('message', (message: ToParent) => {
        if (message.type === 'ready') done(message)
        if (message.type === 'crashed') fail(`${message.name}\n${message.stack}`)
        // The child tries again while the directory is locked; the lock is told on stderr alone.
        if (message.type === 'openFailed' && (!message.willRetry || (stderr !== '' && !stderr.includes('Cannot lock file'))))
          fail(message.message)
      })
    })
  } finally {
    settled.abort()
    child.stderr!.off('data', keepTail).resume()
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ping`, { signal: AbortSignal.timeout(lookIntervalMs) })).ok
  } catch {
    return false
  }
}

/** Asks the child to end, and ends it if it does not. */
async function endChild(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  if (child.connected) child.send({ type: 'stop' })
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(timer)
}

/** Only what the engine needs: SQL can read the environment of its process through the file system. */
function childEnvironment(): NodeJS.ProcessEnv {
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'NODE_PATH']
  const values = inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]))
  return { ...Object.fromEntries(values), TZ: 'UTC', UV_THREADPOOL_SIZE: String(threadPoolSize) }
}
