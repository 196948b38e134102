/** The gateway's HTTP server: who asks, may it run, run it, count it. */
import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type GatewayKeys, authenticateGateway } from './authenticate.ts'
import { type Catalog, projectFilter } from './catalog.ts'
import { checkQuery } from './check-query.ts'
import type { EngineDoor } from './engine-door.ts'
import { GatewayError } from './gateway-error.ts'
import { header, readGatewayRequest } from './request.ts'

export interface GatewayServerOptions {
  readonly host: string
  readonly port: number
  readonly keys: GatewayKeys
  readonly catalog: Catalog
  readonly engine: Pick<EngineDoor, 'answer' | 'close'>
  /** Longest time from a checked query to the last byte of its answer: who reads slower holds a place for nothing. */
  readonly answerTimeoutMs: number
  /** Queries at once; the next one is refused. */
  readonly maxConcurrentQueries: number
  /** Told for every request how it ended. */
  readonly count: (outcome: GatewayOutcome) => void
  readonly onFault: (error: unknown) => void
}

/** `refused`: by the gateway; `failed`: by the engine; `aborted`: the client went away. */
export type GatewayOutcome = 'answered' | 'refused' | 'failed' | 'aborted'

const requestTimeoutMs = 30_000 // to send a query; running it has its own limit

export class GatewayServer {
  readonly #options: GatewayServerOptions
  readonly #server: Server
  #running = 0

  constructor(options: GatewayServerOptions) {
    this.#options = options
    this.#server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => void this.#handle(request, response))
  }

  /** Queries that run now. */
  get running(): number {
    return this.#running
  }

  /** @returns the port @throws Error if it is taken */
  async start(): Promise<number> {
    this.#server.listen(this.#options.port, this.#options.host)
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** Lets running queries end until `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeIdleConnections()
    const cut = (): void => this.#server.closeAllConnections()
    if (signal.aborted) cut()
    signal.addEventListener('abort', cut, { once: true })
    await closed
    signal.removeEventListener('abort', cut)
    this.#options.engine.close()
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const aborter = new AbortController()
    response.on('close', () => aborter.abort())
    try {
      const status = await this.#answer(request, response, aborter.signal)
      if (status !== undefined) this.#options.count(status < 400 ? 'answered' : 'failed')
    } catch (error) {
      const isGone = aborter.signal.aborted && !(error instanceof GatewayError)
      this.#options.count(error instanceof GatewayError ? 'refused' : isGone ? 'aborted' : 'failed')
      if (!(error instanceof GatewayError) && !isGone) this.#options.onFault(error)
      sendError(response, error instanceof GatewayError ? error : new GatewayError('unreachable', 'the answer broke off'))
    }
  }

  /** @returns the engine's status; undefined where it was not asked */
  async #answer(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<number | undefined> {
    const { keys, catalog, engine, maxConcurrentQueries, answerTimeoutMs } = this.#options
    const url = parseUrl(request)
    const isPing = url.pathname === '/ping' || (url.pathname === '/' && request.method === 'GET' && !url.searchParams.has('query'))
    if (isPing) return void response.end('Ok.\n') // ClickHouse's own answer, without a key
    if (url.pathname !== '/') return void response.writeHead(404).end('There is no handle here: use / or /ping\n')
    if (request.method !== 'GET' && request.method !== 'POST') return void response.writeHead(405, { allow: 'GET, POST' }).end()

    const project = authenticateGateway(request, url, keys)
    const { sql, format, handedOn } = await readGatewayRequest(request, url, catalog.database)
    const checked = checkQuery(sql, catalog)
    if (this.#running >= maxConcurrentQueries) throw new GatewayError('busy', `${this.#running} queries run already: try again`)
    this.#running += 1
    try {
      const acceptEncoding = header(request, 'accept-encoding') ?? ''
      return await engine.answer(
        { sql: checked.sql, format: checked.format ?? format, filter: projectFilter(catalog, project), handedOn, acceptEncoding },
        response,
        AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
      )
    } finally {
      this.#running -= 1
    }
  }
}

function parseUrl(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://localhost')
  } catch (cause) {
    throw new GatewayError('syntax', 'the URL is malformed', { cause })
  }
}

function sendError(response: ServerResponse, error: GatewayError): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  if (error.kind === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Basic realm="Turret"')
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Exception-Code', String(error.code))
  response.writeHead(error.status, { Connection: 'close' }).end(`${error.message}\n`)
}
