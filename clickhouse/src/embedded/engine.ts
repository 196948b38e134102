// The engine of this process: opens chdb, runs each statement in a session of its own, cancels, and closes in the one safe order.

import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseSettings, engineConfigXml } from './engine-config.ts'
import { errorCodes, EngineError, toEngineError } from './engine-error.ts'
import { Lane } from './lane.ts'
import { toStringLiteral } from './literal.ts'
import type { Statement } from './statement.ts'

type Chdb = typeof import('chdb')
type Session = InstanceType<Chdb['Session']>

export interface EngineOptions {
  /** Where the engine keeps its tables. */
  readonly directory: string
  /** Where its config file and request bodies go; emptied after the engine has opened. */
  readonly temporaryDirectory: string
  readonly maxMemoryBytes: number
}

export interface RunOptions {
  readonly settings: Readonly<Record<string, string>>
  /** Values of `{name: Type}` placeholders as ClickHouse's HTTP interface takes them; the engine itself reads them by their type. */
  readonly parameters: Readonly<Record<string, string>>
  readonly database?: string
  /** Output format where the statement names none. */
  readonly format: string
  /** Aborting kills the query in the engine. */
  readonly signal: AbortSignal
}

export interface Run {
  /** The result; read it to the end or call `return`, for the lane is held until then. Its first part has been computed already. */
  readonly parts: AsyncIterator<Uint8Array> & AsyncIterable<Uint8Array>
  readonly summary: RunSummary
}

/** Counts; those of a streamed result stay 0, as they are known too late to be told. */
export interface RunSummary {
  readRows: number
  readBytes: number
  writtenRows: number
}

// Formats whose parts simply follow each other; all others have a header or footer and are computed whole.
const streamedFormats = new Set(
  ['JSONEachRow', 'JSONLines', 'NDJSON', 'JSONStringsEachRow', 'JSONCompactEachRow', 'JSONCompactStringsEachRow'].concat([
    'TabSeparated',
    'TSV',
    'TabSeparatedRaw',
    'TSVRaw',
    'CSV',
    'RowBinary',
    'Native',
    'LineAsString',
    'RawBLOB',
  ]),
)
const streamedBlockRows = '8192' // one part of a streamed result: with long texts the engine's 65 409 rows would be 60 MB at once
const maxWaitingPerLane = 100
const killRetryMs = 100 // a query is not in system.processes at once, so a kill is repeated until it hits
const purgeAboveBytes = 380 * 1024 * 1024 // of resident memory, 220 MiB of it program text: above, freed memory is worth giving back to the system
const purgeDelayMs = 200 // a purge takes up to 30 ms, so it is not done after every query

export class Engine {
  readonly timezone: string
  readonly version: string
  readonly #chdb: Chdb
  readonly #directory: string
  readonly #base: Readonly<Record<string, string>>
  /** Holds the engine open with its config; runs nothing but looking after it. */
  readonly #keeper: Session
  readonly #lanes = {
    write: new Lane(1, maxWaitingPerLane), // serial: the engine gains nothing from parallel inserts, and rows written are counted exactly
    schema: new Lane(1, maxWaitingPerLane),
    control: new Lane(1, maxWaitingPerLane),
    read: new Lane(3, maxWaitingPerLane),
  }
  readonly #stopping = new AbortController()
  #purgeTimer: NodeJS.Timeout | undefined

  /** @throws Error if the directory is in use by another process, or is not readable by this version of the engine */
  constructor(chdb: Chdb, options: EngineOptions) {
    const { directory, temporaryDirectory, maxMemoryBytes } = options
    mkdirSync(directory, { recursive: true })
    mkdirSync(temporaryDirectory, { recursive: true })
    const config = join(temporaryDirectory, `engine-${process.pid}.xml`)
    writeFileSync(config, engineConfigXml(maxMemoryBytes))
    this.#chdb = chdb
    this.#directory = directory
    this.#base = baseSettings(maxMemoryBytes)
    this.#keeper = new chdb.Session(directory, { connectionArgs: [`--config-file=${config}`] })
    rmSync(temporaryDirectory, { recursive: true, force: true }) // bodies of a predecessor; only now is it certain that it is gone
    mkdirSync(temporaryDirectory)
    ;[this.version = '', this.timezone = ''] = this.#keeper.query('SELECT version(), timezone()', 'TSV').trim().split('\t')
  }

  /**
   * Runs one statement.
   * @throws EngineError as the engine tells it; 202 if too many wait; 394 if `signal` aborted
   */
  async run(statement: Pick<Statement, 'sql' | 'lane' | 'isSelect' | 'format'>, options: RunOptions): Promise<Run> {
    const signal = AbortSignal.any([options.signal, this.#stopping.signal])
    const leave = await this.#lanes[statement.lane].enter(signal)
    const summary: RunSummary = { readRows: 0, readBytes: 0, writtenRows: 0 }
    const parts = this.#execute(statement, { ...options, signal }, summary, leave)
    try {
      return { parts: startingWith(await parts.next(), parts), summary }
    } catch (error) {
      throw toEngineError(error)
    }
  }

  /** Cancels what runs, waits until the engine has let go, closes. Nothing may be run afterwards. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await this.#chdb.drainPending()
    this.#keeper.close()
    await this.#chdb.drainPending()
  }

  async *#execute(
    statement: Pick<Statement, 'sql' | 'lane' | 'isSelect' | 'format'>,
    options: RunOptions,
    summary: RunSummary,
    leave: () => void,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    // A session of its own per statement (0.4 ms): settings, parameters, USE and temporary tables end with it and cannot leak.
    const session = new this.#chdb.Session(this.#directory)
    const runId = randomUUID()
    const stopKilling = this.#killOnAbort(runId, options.signal)
    const format = statement.format ?? options.format
    const isStreamed = statement.isSelect && streamedFormats.has(format)
    try {
      await session.queryAsync(this.#preamble(runId, isStreamed, options))
      if (isStreamed) {
        for await (const chunk of session.queryStream(statement.sql, { format })) yield chunk.raw()
        return
      }
      const before = statement.lane === 'write' ? this.#insertedRows() : 0
      const result = await session.queryAsync(statement.sql, { format })
      summary.readRows = result.rowsRead
      summary.readBytes = result.bytesRead
      if (statement.lane === 'write') summary.writtenRows = this.#insertedRows() - before
      yield result.bytes()
    } catch (error) {
      throw toEngineError(error)
    } finally {
      stopKilling()
      session.close()
      leave()
      this.#purgeMemory()
    }
  }

  /** Sets what the request asks for; `readonly` comes last, since nothing can be set after it. */
  #preamble(runId: string, isStreamed: boolean, { settings, parameters, database }: RunOptions): string {
    const { readonly, ...others }: Record<string, string> = {
      ...this.#base,
      ...(isStreamed && { max_block_size: streamedBlockRows }),
      ...settings,
      log_comment: runId,
    }
    const entries = Object.entries(others)
    for (const [name, value] of Object.entries(parameters)) entries.push([`param_${name}`, value])
    if (readonly !== undefined) entries.push(['readonly', readonly])
    const use = database === undefined ? '' : `USE \`${database.replaceAll(/[\\`]/g, '\\$&')}\`; `
    return `${use}SET ${entries.map(([name, value]) => `${name} = ${toStringLiteral(value)}`).join(', ')}`
  }

  /** Kills the run again and again from the moment `signal` aborts until the returned function is called. */
  #killOnAbort(runId: string, signal: AbortSignal): () => void {
    let timer: NodeJS.Timeout | undefined
    const kill = (): void => {
      const retry = (): void => void (timer ??= setTimeout(kill, killRetryMs))
      timer = undefined
      const session = new this.#chdb.Session(this.#directory)
      void session
        .queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${runId}' ASYNC`)
        .finally(() => session.close())
        .then(retry, retry)
    }
    if (signal.aborted) kill()
    signal.addEventListener('abort', kill, { once: true })
    return () => {
      signal.removeEventListener('abort', kill)
      clearTimeout(timer)
    }
  }

  /** Rows inserted since the engine opened, into tables and into what hangs on them. */
  #insertedRows(): number {
    return Number(this.#keeper.query("SELECT value FROM system.events WHERE event = 'InsertedRows'", 'TSV').trim() || 0)
  }

  /** Gives freed memory back to the system soon, where the engine's allocator would keep it for another ten seconds. */
  #purgeMemory(): void {
    if (this.#purgeTimer !== undefined || this.#stopping.signal.aborted || process.memoryUsage.rss() < purgeAboveBytes) return
    this.#purgeTimer = setTimeout(() => {
      this.#purgeTimer = undefined
      if (!this.#stopping.signal.aborted) this.#keeper.query('SYSTEM JEMALLOC PURGE')
    }, purgeDelayMs).unref()
  }
}

/** The iterator with its first result put back. A generator cannot do this: one that was never started would skip its `finally`. */
function startingWith(first: IteratorResult<Uint8Array, void>, rest: AsyncGenerator<Uint8Array, void, undefined>): Run['parts'] {
  let pending: IteratorResult<Uint8Array, void> | undefined = first
  return {
    next() {
      const result = pending
      pending = undefined
      return result ? Promise.resolve(result) : rest.next()
    },
    return: () => rest.return(),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** chdb, or an error that says what to do where it is not installed. */
export async function loadChdb(): Promise<Chdb> {
  try {
    return await import('chdb')
  } catch (cause) {
    throw new EngineError(
      errorCodes.notImplemented,
      `the embedded engine (npm package chdb) is not available on ${process.platform}-${process.arch}: it runs on Linux with glibc and on macOS. ` +
        'Set TURRET_CLICKHOUSE_URL to a ClickHouse server to run without it',
      { cause },
    )
  }
}
