// The engine of this process: opens chdb, runs each statement in a session of its own, cancels, and closes in the one safe order.

import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Chdb, Session } from './chdb.ts'
import { baseSettings, engineConfigXml } from './engine-config.ts'
import { errorCodes, EngineError, toEngineError } from './engine-error.ts'
import { Lane } from './lane.ts'
import { toPreambleSql, type Preamble } from './preamble.ts'
import type { Statement } from './statement.ts'

export interface EngineOptions {
  /** Where the engine keeps its tables. */
  readonly directory: string
  /** Where its config file and request bodies go; emptied after the engine has opened. */
  readonly temporaryDirectory: string
  readonly maxMemoryBytes: number
}

export type RunStatement = Pick<Statement, 'sql' | 'lane' | 'isSelect' | 'format'>

export interface RunOptions extends Preamble {
  /** Output format where the statement names none. */
  readonly format: string
  /** Aborting kills the query in the engine. */
  readonly signal: AbortSignal
  /** Changes the bytes of the result on their way, as for a client that reads another framing. */
  readonly rewrite?: (parts: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array, void, undefined>
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
const purgeDelayMs = 500 // a purge takes up to 30 ms, so it is not done after every query

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
  readonly #running = new Set<AbortController>()
  #isClosing = false
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
   * @throws EngineError as the engine tells it; 202 if too many wait; 394 if `signal` aborted; 236 if the engine is closing
   */
  async run(statement: RunStatement, options: RunOptions): Promise<Run> {
    if (this.#isClosing) throw new EngineError(errorCodes.aborted, 'Server is shutting down')
    const aborter = new AbortController()
    const onAbort = (): void => aborter.abort()
    options.signal.addEventListener('abort', onAbort)
    if (options.signal.aborted) onAbort()
    this.#running.add(aborter)
    const forget = (): void => void this.#running.delete(aborter)

    const summary: RunSummary = { readRows: 0, readBytes: 0, writtenRows: 0 }
    const result = this.#execute(statement, { ...options, signal: aborter.signal }, summary, forget)
    const parts = options.rewrite?.(result) ?? result
    try {
      return { parts: startingWith(await parts.next(), parts), summary }
    } catch (error) {
      throw toEngineError(error)
    }
  }

  /** Cancels what runs, waits until the engine has let go, closes. */
  async close(): Promise<void> {
    this.#isClosing = true
    for (const aborter of this.#running) aborter.abort()
    await this.#chdb.drainPending()
    this.#keeper.close()
    await this.#chdb.drainPending()
  }

  /** The parts of one result; whatever way it ends, the lane is free afterwards and the session closed. */
  async *#execute(
    statement: RunStatement,
    options: RunOptions,
    summary: RunSummary,
    forget: () => void,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const runId = randomUUID()
    const format = statement.format ?? options.format
    const isStreamed = statement.isSelect && streamedFormats.has(format)
    const streamed = isStreamed && { max_block_size: streamedBlockRows }
    const settings = { ...this.#base, ...streamed, ...options.settings, log_comment: runId }
    let leave: (() => void) | undefined
    let session: Session | undefined
    let stopKilling: (() => void) | undefined
    try {
      leave = await this.#lanes[statement.lane].enter(options.signal)
      // A session of its own per statement (0.4 ms): settings, parameters, USE and temporary tables end with it and cannot leak.
      session = new this.#chdb.Session(this.#directory)
      stopKilling = this.#killOnAbort(runId, options.signal)
      await session.queryAsync(toPreambleSql({ ...options, settings }))
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
    } finally {
      stopKilling?.()
      session?.close()
      leave?.()
      forget()
      this.#purgeMemory()
    }
  }

  /** Kills the run again and again from the moment `signal` aborts until the returned function is called. */
  #killOnAbort(runId: string, signal: AbortSignal): () => void {
    const over = new AbortController()
    const kill = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const session = new this.#chdb.Session(this.#directory)
        await session.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${runId}' ASYNC`).finally(() => session.close())
        await sleep(killRetryMs, undefined, { signal: over.signal })
      }
    }
    // Ends with the run; a failed kill leaves the query to its own time limit, since the client that would hear of it is gone.
    const onAbort = (): void => void kill().catch(() => undefined)
    signal.addEventListener('abort', onAbort, { once: true })
    return () => {
      over.abort()
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Rows inserted since the engine opened, into tables and into what hangs on them. */
  #insertedRows(): number {
    return Number(this.#keeper.query("SELECT value FROM system.events WHERE event = 'InsertedRows'", 'TSV').trim() || 0)
  }

  /** Gives freed memory back to the system soon, where the engine's allocator would keep it for another ten seconds. */
  #purgeMemory(): void {
    if (this.#purgeTimer !== undefined || this.#isClosing || process.memoryUsage.rss() < purgeAboveBytes) return
    this.#purgeTimer = setTimeout(() => {
      this.#purgeTimer = undefined
      if (!this.#isClosing) this.#keeper.query('SYSTEM JEMALLOC PURGE')
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
