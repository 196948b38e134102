/** The collector's one HTTP port: OTLP, /track, health, metrics; everything under /api goes to the query app. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type ErrorCode, CollectorError, toCollectorError } from '../errors.ts'
import type { Caller, Scope } from '../keys/keys.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import { type BodyLimits, readBody } from './body.ts'
import { type Cors, applyCors } from './cors.ts'
import type { Ingest } from './ingest.ts'
import type { OtlpIntake, OtlpSignal } from './otlp-intake.ts'
import { type OtlpEncoding, answerError, answerSuccess, encodingOf } from './otlp-answer.ts'
import { encodeOtlpJson, parseJson } from './otlp-json.ts'
import { type TlsFiles, readTls, watchTls } from './tls-files.ts'
import { type TrackLimits, parseTrackRequest } from './track-request.ts'
import { encodeTrackSpans } from './track-span.ts'

/** Where each route answers, as the configuration says. */
export interface Paths {
  readonly traces: string
  readonly logs: string
  readonly metrics: string
  readonly track: string
  readonly health: string
  /** Everything below goes to the query app. */
  readonly api: string
}

export interface HttpServerOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  readonly paths: Paths
  readonly limits: BodyLimits
  readonly track: TrackLimits
  readonly cors: Cors | undefined
  /** undefined: plain HTTP. */
  readonly tls: TlsFiles | undefined
  readonly ingest: Ingest
  readonly otlpIntake: OtlpIntake
  readonly authenticate: (headers: IncomingMessage['headers'], scope: Scope) => Caller
  /** Told what each acknowledged request brought: spans or log records, and the events among them. */
  readonly charge: (caller: Caller, items: number, events: number) => void
  /** Answers every path below `paths.api`. */
  readonly queryApp: (request: IncomingMessage, response: ServerResponse) => void
  readonly health: () => { healthy: boolean; body: Record<string, unknown> }
  readonly metrics: Metrics
  readonly logger: Logger
  /** Unix nanoseconds, never the same twice. */
  readonly now: () => bigint
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const langfusePath = '/api/public/otel/v1/traces' // where Langfuse's SDKs send OTLP; they know only a base URL
const maxHeaderBytes = 16 * 1024
const maxConnections = 20_000
const closeIdleMs = 20
const idleConnectionMs = 65_000 // longer than the 60 s of common load balancers

/** Serves until `stop`. */
export class HttpServer {
  private readonly options: HttpServerOptions
  private readonly server: Server
  private unwatch: (() => void) | undefined
  private readonly routes: ReadonlyMap<string, { method: string; handle: Handler }>

  constructor(options: HttpServerOptions) {
    this.options = options
    const { paths } = options
    this.routes = new Map<string, { method: string; handle: Handler }>([
      [paths.traces, { method: 'POST', handle: (req, res) => this.otlp(req, res, 'traces') }],
      [langfusePath, { method: 'POST', handle: (req, res) => this.otlp(req, res, 'traces') }],
      [paths.logs, { method: 'POST', handle: (req, res) => this.otlp(req, res, 'logs') }],
      [paths.metrics, { method: 'POST', handle: (req, res) => this.otlp(req, res, 'metrics') }],
      [paths.track, { method: 'POST', handle: (req, res) => this.track(req, res) }],
      [`/v1${paths.track}`, { method: 'POST', handle: (req, res) => this.track(req, res) }],
      [paths.health, { method: 'GET', handle: (_req, res) => this.health(res) }],
      ['/metrics', { method: 'GET', handle: (_req, res) => this.ownMetrics(res) }],
      ['/', { method: 'GET', handle: (_req, res) => this.welcome(res) }],
    ])
    const limits = { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: idleConnectionMs, headersTimeout: 10_000 }
    const serve = (request: IncomingMessage, response: ServerResponse): void => void this.serve(request, response)
    if (options.tls === undefined) this.server = createServer(limits, serve)
    else {
      const server = createSecureServer({ ...limits, ...readTls(options.tls), minVersion: 'TLSv1.2' }, serve)
      this.unwatch = watchTls(
        options.tls,
        (pair) => server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' }),
        (error) => options.logger.warn('the new certificate cannot be used, the old one stays', { error: String(error) }),
      )
      this.server = server
    }
    this.server.maxConnections = maxConnections
  }

  /** @returns the address that clients use */
  async start(): Promise<{ host: string; port: number }> {
    const { host, port } = this.options
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(port, host, resolve)
    })
    return { host, port: (this.server.address() as AddressInfo).port }
  }

  /** Takes no new connections, lets running requests finish until `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    this.unwatch?.()
    if (!this.server.listening) return
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    // A connection whose request ends from now on would be kept for the next one.
    const closing = setInterval(() => this.server.closeIdleConnections(), closeIdleMs)
    const cut = (): void => this.server.closeAllConnections()
    signal.addEventListener('abort', cut, { once: true })
    if (signal.aborted) cut()
    await closed
    clearInterval(closing)
    signal.removeEventListener('abort', cut)
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0]!
    try {
      if (this.options.cors !== undefined && applyCors(this.options.cors, request, response)) return
      if (path.startsWith(`${this.options.paths.api}/`)) {
        this.options.queryApp(request, response)
        return
      }
      const route = this.routes.get(path)
      if (route === undefined)
        throw new CollectorError(
          'NOT_FOUND',
          `no such path; there are ${[...this.routes.keys()].join(', ')} and ${this.options.paths.api}/…`,
        )
      if (request.method !== route.method) {
        response.setHeader('allow', route.method)
        throw new CollectorError('METHOD_NOT_ALLOWED', `${request.method} is not allowed here, supported: ${route.method}`)
      }
      await route.handle(request, response)
    } catch (error) {
      this.fail(request, response, error, encodingOf(request.headers['content-type']), path)
    }
  }

  private async otlp(request: IncomingMessage, response: ServerResponse, signal: OtlpSignal): Promise<void> {
    const startedAt = performance.now()
    const encoding = encodingOf(request.headers['content-type'])
    if (encoding === undefined) {
      throw new CollectorError('UNSUPPORTED_MEDIA_TYPE', 'content-type is not supported; allowed: application/x-protobuf, application/json')
    }
    const caller = this.options.authenticate(request.headers, 'ingest')
    const raw = await readBody(request, this.options.limits)
    const body = encoding === 'json' && signal !== 'metrics' ? encodeOtlpJson(raw, signal) : raw
    const answer = await this.options.otlpIntake(signal, body, { caller, transport: 'http', startedAt })
    answerSuccess(response, encoding, signal, answer)
  }

  private async track(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics, ingest, now } = this.options
    const startedAt = performance.now()
    const caller = this.options.authenticate(request.headers, 'ingest')
    const raw = await readBody(request, this.options.limits)
    const parsed = parseJson(raw.toString('utf8'))
    const events = parseTrackRequest(parsed, caller.project, this.options.track, now())
    const { accepted, faults } = await ingest.traces(caller.project, encodeTrackSpans(events))
    this.options.charge(caller, accepted, events.length)
    metrics.acceptedSpans.inc({ receiver: 'track', transport: 'http' }, accepted)
    metrics.acceptedEvents.inc({ receiver: 'track' }, events.length)
    if (faults > 0) metrics.extractFaults.inc(faults)
    metrics.requests.inc({ receiver: 'track', outcome: 'success' })
    metrics.acknowledgeSeconds.observe((performance.now() - startedAt) / 1000)
    const answers = events.map((event) => ({ success: true, event_id: event.eventId, session_id: event.sessionId, user_id: event.userId }))
    sendJson(response, 200, Array.isArray(parsed) ? { success: true, events: answers } : answers[0]!)
  }

  private async health(response: ServerResponse): Promise<void> {
    const { healthy, body } = this.options.health()
    sendJson(response, healthy ? 200 : 503, body)
  }

  private async ownMetrics(response: ServerResponse): Promise<void> {
    const { registry } = this.options.metrics
    response.writeHead(200, { 'content-type': registry.contentType })
    response.end(await registry.metrics())
  }

  private async welcome(response: ServerResponse): Promise<void> {
    sendJson(response, 200, {
      name: 'turret collector',
      send: [this.options.paths.track, this.options.paths.traces, this.options.paths.logs].map((path) => `POST ${path}`),
      read: ['topics', 'journeys', 'sessions', 'openapi.json'].map((route) => `GET ${this.options.paths.api}/${route}`),
      state: [`GET ${this.options.paths.health}`, 'GET /metrics'],
    })
  }

  private fail(request: IncomingMessage, response: ServerResponse, cause: unknown, encoding: OtlpEncoding | undefined, path: string): void {
    const error = toCollectorError(cause)
    this.options.metrics.requests.inc({ receiver: path.endsWith(this.options.paths.track) ? 'track' : 'otlp', outcome: error.code })
    if (error.code === 'INTERNAL')
      this.options.logger.error('request failed', { path: this.routes.has(path) ? path : 'other', error: String(error.cause) })
    if (response.headersSent) {
      response.destroy()
      return
    }
    // An unread body would be taken for the next request of the connection.
    if (!request.complete) response.setHeader('connection', 'close')
    const { traces, logs, metrics } = this.options.paths
    if (path === traces || path === langfusePath || path === logs || path === metrics) answerError(response, encoding ?? 'json', error)
    else {
      if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds))
      sendJson(response, error.status, { success: false, error: error.message, code: error.code satisfies ErrorCode })
    }
    if (!request.complete) request.resume()
  }
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}
