/** Sends one checked query to the embedded server, in a session that is read-only before it begins, and hands its answer on. */
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { GatewayError } from './gateway-error.ts'

export interface QueryLimits {
  readonly maxExecutionTimeMs: number
  readonly maxMemoryBytes: number
  readonly maxResultRows: number
}

export interface EngineQuery {
  readonly sql: string
  readonly format: string
  /** `additional_table_filters` of the client's project. */
  readonly filter: string
  /** What the client may say of it: parameters and output settings. */
  readonly handedOn: URLSearchParams
  readonly acceptEncoding: string
}

const settingsOf = ({ maxExecutionTimeMs, maxMemoryBytes, maxResultRows }: QueryLimits): Record<string, string> => ({
  max_execution_time: String(maxExecutionTimeMs / 1000),
  max_memory_usage: String(maxMemoryBytes),
  max_result_rows: String(maxResultRows),
  max_result_bytes: String(maxMemoryBytes),
  result_overflow_mode: 'throw',
  max_query_size: String(1024 * 1024),
  max_ast_depth: '200',
  max_subquery_depth: '20',
  readonly: '1', // the server sets it last, before the statement: nothing can be set after it
})

export class EngineDoor {
  readonly #url: string
  readonly #database: string
  readonly #settings: Readonly<Record<string, string>>
  readonly #agent = new Agent({ keepAlive: true })

  /** @param url of the embedded server, with its password */
  constructor(url: string, database: string, limits: QueryLimits) {
    this.#url = url
    this.#database = database
    this.#settings = settingsOf(limits)
  }

  close(): void {
    this.#agent.destroy()
  }

  /**
   * Answers `response` with what the engine says, an error of its own included.
   * @returns the engine's status
   * @throws GatewayError if the engine cannot be reached; other errors when the client goes away
   */
  async answer(query: EngineQuery, response: ServerResponse, signal: AbortSignal): Promise<number> {
    const answer = await this.#send(query, signal)
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && (name.startsWith('x-clickhouse-') || name.startsWith('content-'))) response.setHeader(name, value)
    }
    response.statusCode = answer.statusCode ?? 500
    await pipeline(answer, response) // an answer that breaks off breaks off here too, so nobody takes it for the whole
    return response.statusCode
  }

  #send({ sql, format, filter, handedOn, acceptEncoding }: EngineQuery, signal: AbortSignal): Promise<IncomingMessage> {
    const { username, password, hostname, port } = new URL(this.#url)
    const query = new URLSearchParams(handedOn)
    for (const [name, value] of Object.entries(this.#settings)) query.set(name, value)
    query.set('additional_table_filters', filter)
    query.set('database', this.#database)
    query.set('default_format', format)
    const headers: OutgoingHttpHeaders = { 'accept-encoding': acceptEncoding, 'content-length': Buffer.byteLength(sql) }
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          hostname,
          port,
          path: `/?${query.toString()}`,
          method: 'POST',
          auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
          headers,
          agent: this.#agent,
          signal,
        },
        resolve,
      )
      outgoing.on('error', (cause) => {
        reject(signal.aborted ? cause : new GatewayError('unreachable', 'the engine does not answer', { cause }))
      })
      outgoing.end(sql)
    })
  }
}
