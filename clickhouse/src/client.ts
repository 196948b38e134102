// One way to talk to ClickHouse, whether it is the embedded server or one elsewhere: open a URL, query, insert, close.

import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { startEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions, type Logger } from './embedded/server.ts'

export type Settings = Readonly<Record<string, string | number | boolean>>

export interface QueryOptions {
  /** Values of `{name: Type}` placeholders. */
  readonly params?: Readonly<Record<string, unknown>>
  readonly settings?: Settings
  /** Aborting rejects the call and kills the query. */
  readonly signal?: AbortSignal
  /** The engine gives up after it (code 159). */
  readonly timeoutMs?: number
  /** The engine gives up beyond it (code 241). */
  readonly maxMemoryBytes?: number
  /** Default: the database that was opened. */
  readonly database?: string
}

export interface InsertOptions {
  /** A second insert with the same token adds nothing, if the table keeps a deduplication window. */
  readonly token: string
  readonly settings?: Settings
  readonly signal?: AbortSignal
}

/** Data of an insert: bytes in memory, a stream, or a file, which the embedded server reads in place if it lies in its data directory. */
export type InsertBody = Buffer | Readable | { readonly file: string }

export interface ClickHouse {
  /** For what the methods below do not cover. */
  readonly client: ClickHouseClient
  /** With credentials: another thread or process opens the same server by it. */
  readonly url: string
  readonly database: string
  readonly embedded: boolean
  /**
   * The rows of a SELECT. 64-bit integers arrive as numbers, exact to 2^53: select ids and hashes as text.
   * @throws ClickHouseError; see `toClickHouseError`
   */
  query<T>(sql: string, options?: QueryOptions): Promise<T[]>
  /** Runs a statement that has no result. */
  command(sql: string, options?: QueryOptions): Promise<void>
  /** One INSERT with its data: `INSERT INTO t FORMAT x`, or `INSERT INTO t SELECT … FROM input('<structure>') FORMAT x`. */
  insertBytes(sql: string, body: InsertBody, options: InsertOptions): Promise<{ writtenRows: number }>
  /** Inserts objects by column name; an absent column takes its default, a bigint is written exactly. */
  insertRows(table: string, rows: readonly object[], options: InsertOptions): Promise<void>
  /** True if the server answers; never throws. */
  ping(): Promise<boolean>
  version(): Promise<string>
  /** Closes connections, and ends the embedded server if there is one. */
  close(): Promise<void>
}

export interface OpenOptions {
  /** `chdb:<directory>` for the embedded server, `http(s)://user:password@host:8123/database` for one elsewhere. */
  readonly url: string
  /** Default: the path of the URL, else `turret`. Need not exist yet: `migrate` makes it. */
  readonly database?: string
  readonly logger?: Logger
  /** Aborts the start of the embedded server. */
  readonly signal?: AbortSignal
  /** Of the embedded server. */
  readonly embedded?: Pick<EmbeddedServerOptions, 'maxMemoryBytes' | 'onStateChange' | 'port'>
}

export const defaultDatabase = 'turret'
const requestTimeoutMs = 600_000 // a safety net; queries are ended by the engine
const maxOpenConnections = 128 // more than the embedded server lets wait: slow reads must not keep an insert from being sent
const killTimeoutMs = 5000

/**
 * Opens ClickHouse; for a `chdb:` URL this starts the embedded server, which `close` ends.
 * @throws Error for a URL of another kind, or if the embedded server does not start
 */
export async function openClickHouse(options: OpenOptions): Promise<ClickHouse> {
  const { url, logger, signal } = options
  if (url.startsWith('chdb:')) {
    const dataDir = resolve(url.slice('chdb:'.length).replace(/^\/\/(?=\/)/, '') || '.')
    const server = await startEmbeddedServer({ ...options.embedded, dataDir, ...(logger && { logger }), ...(signal && { signal }) })
    return new Connection(server.url, options.database ?? defaultDatabase, server)
  }
  if (!/^https?:\/\//.test(url))
    throw new RangeError('ClickHouse URL: expected chdb:<directory> or http(s)://user:password@host:8123/database')
  const parsed = new URL(url)
  const database = options.database ?? (decodeURIComponent(parsed.pathname.slice(1)) || defaultDatabase)
  parsed.pathname = ''
  return new Connection(parsed.href, database, undefined)
}

class Connection implements ClickHouse {
  readonly client: ClickHouseClient
  readonly url: string
  readonly database: string
  readonly embedded: boolean
  readonly #server: EmbeddedServer | undefined

  constructor(url: string, database: string, server: EmbeddedServer | undefined) {
    this.url = url
    this.database = database
    this.embedded = server !== undefined
    this.#server = server
    this.client = createClient({
      url,
      // A header, not the client's own option, because a single request can override it.
      http_headers: databaseHeader(database),
      request_timeout: requestTimeoutMs,
      max_open_connections: maxOpenConnections,
      log: { level: ClickHouseLogLevel.OFF }, // its lines quote statements; the caller gets every error anyway
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_input_format: 'best_effort' },
      json: {
        parse: JSON.parse,
        stringify: (value) => JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)),
      },
    })
  }

  async query<T>(sql: string, options: QueryOptions = {}): Promise<T[]> {
    return this.#killable(options.signal, async (request) => {
      const result = await this.client.query({ query: sql, format: 'JSONEachRow', ...toParams(options), ...request })
      return result.json<T>()
    })
  }

  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.#killable(options.signal, (request) => this.client.command({ query: sql, ...toParams(options), ...request }))
  }

  async insertBytes(sql: string, body: InsertBody, { token, settings, signal }: InsertOptions): Promise<{ writtenRows: number }> {
    return this.#killable(signal, async (request) => {
      const isFile = !(body instanceof Readable) && !Buffer.isBuffer(body)
      const inPlace = isFile && this.embedded
      const values = inPlace ? Readable.from([]) : isFile ? createReadStream(body.file) : toStream(body)
      const result = await this.client.exec({
        query: sql,
        values,
        clickhouse_settings: { ...settings, insert_deduplication_token: token },
        ...(inPlace && { http_headers: { 'X-Turret-Body-File': encodeURIComponent(resolve(body.file)) } }),
        ...request,
      })
      await finished(result.stream.resume())
      return { writtenRows: Number(result.summary?.written_rows ?? 0) }
    })
  }

  async insertRows(table: string, rows: readonly object[], { token, settings, signal }: InsertOptions): Promise<void> {
    await this.#killable(signal, (request) =>
      this.client.insert({
        table,
        values: rows,
        format: 'JSONEachRow',
        clickhouse_settings: { ...settings, insert_deduplication_token: token },
        ...request,
      }),
    )
  }

  async ping(): Promise<boolean> {
    return (await this.client.ping()).success
  }

  async version(): Promise<string> {
    const [row] = await this.query<{ version: string }>('SELECT version() AS version', { database: 'default' })
    return row?.version ?? ''
  }

  async close(): Promise<void> {
    await this.client.close()
    await this.#server?.stop()
  }

  /** The embedded server kills a query whose client hangs up; another must be told. */
  async #killable<T>(
    signal: AbortSignal | undefined,
    send: (request: { query_id: string; abort_signal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const query_id = randomUUID()
    if (!signal) return send({ query_id })
    signal.throwIfAborted()
    try {
      return await send({ query_id, abort_signal: signal })
    } catch (error) {
      if (signal.aborted && !this.embedded) await this.#kill(query_id)
      throw error
    }
  }

  async #kill(queryId: string): Promise<void> {
    try {
      await this.command('KILL QUERY WHERE query_id = {queryId: String} ASYNC', {
        params: { queryId },
        database: 'default',
        timeoutMs: killTimeoutMs,
      })
    } catch {
      // The caller hears of the abort. A server that cannot be told to kill ends the query at its own time limit.
    }
  }
}

function toParams({ params, settings, timeoutMs, maxMemoryBytes, database }: QueryOptions) {
  const limits = {
    ...(timeoutMs !== undefined && { max_execution_time: timeoutMs / 1000 }),
    ...(maxMemoryBytes !== undefined && { max_memory_usage: String(maxMemoryBytes) }),
  }
  return {
    clickhouse_settings: { ...limits, ...settings },
    ...(params && { query_params: params }),
    ...(database !== undefined && { http_headers: databaseHeader(database) }),
  }
}

function databaseHeader(database: string): Record<string, string> {
  return { 'X-ClickHouse-Database': database }
}

/** In pieces, so that a large body does not block the socket's event loop turn. */
function toStream(body: Buffer | Readable): Readable {
  return Buffer.isBuffer(body) ? Readable.from([body], { objectMode: false }) : body
}
