/** Wires the configured parts into a running collector: started from the last consumer to the first, stopped the other way. */
import { join } from 'node:path'
import type { ClickHouse } from '@turret/clickhouse'
import { createErase } from './erase/erase.ts'
import { flushSpool } from './erase/flush-spool.ts'
import { ProjectRetention } from './erase/project-retention.ts'
import { sentiment } from './extract/sentiment.ts'
import { createForwards } from './forward/create-forwards.ts'
import { startGateway } from './gateway/create-gateway.ts'
import { createHealth } from './health.ts'
import { Keys } from './keys/keys.ts'
import { createLimits } from './limits/limits.ts'
import { Usage } from './limits/usage.ts'
import { createQuery } from './query-wiring.ts'
import { createNanoClock } from './receive/clock.ts'
import { HttpServer, type HttpServerOptions } from './receive/http-server.ts'
import { type Ingest, createIngest } from './receive/ingest.ts'
import { MemoryLimiter } from './receive/memory-limiter.ts'
import { createOtlpIntake } from './receive/otlp-intake.ts'
import { SpanTableReader } from './receive/span-table-reader.ts'
import { startGrpc } from './receive/start-grpc.ts'
import { type Settings, extractOptions, grpcOptions, httpOptions, isLoopback, listenAddress, noKeysMessage } from './settings.ts'
import { redactingIngest } from './redact/redacting-ingest.ts'
import { createRedactor } from './redact/redactor.ts'
import { Spool } from './spool/spool.ts'
import { KnownFields } from './store/known-fields.ts'
import { Settler } from './store/settler.ts'
import { type Assigner, unassigned } from './store/segment-events.ts'
import { Store } from './store/store.ts'
import { type Logger, type Metrics, createRepeatedWarning } from './telemetry.ts'
import type { Topics } from './topics/topics.ts'
import { version } from './version.ts'

/** What is running when the parts start. */
export interface Ground {
  readonly settings: Settings
  readonly db: ClickHouse
  readonly topics: Topics | undefined
  readonly logger: Logger
  readonly metrics: Metrics
}

/** Where the started parts answer. */
export interface StartedParts {
  readonly url: string
  readonly grpcPort: number | undefined
  readonly isOpen: boolean
}

type OnStop = (end: (signal: AbortSignal) => Promise<void> | void) => void

/** Starts the parts in order, last consumer first; each says how it stops before the next one starts. */
export async function startParts({ settings, db, topics, logger, metrics }: Ground, onStop: OnStop): Promise<StartedParts> {
  const now = createNanoClock()
  const extract = extractOptions(settings)
  const { host, port } = listenAddress(settings)
  const warn = createRepeatedWarning(logger, 'reading a small table failed, trying again')

  const keys = new Keys({ db, keys: settings.apiKeys?.keys ?? [], isLoopback: isLoopback(host), onRefreshError: warn })
  await keys.start()
  onStop(() => keys.stop())
  if (!isLoopback(host) && !keys.hasKeys) throw new Error(noKeysMessage(host))

  const usage = new Usage({ db, onError: warn })
  await usage.start()
  onStop(() => usage.stop())
  const limits = createLimits({ rate: settings.apiKeys?.rateLimit ?? unlimited, usage })

  const fields = new KnownFields({ db, textKeys: settings.track?.textKeys ?? ['prompt'], onError: warn })
  await fields.start()
  onStop(() => fields.stop())

  const deadLetterDirectory = join(settings.dataDirectory, 'dead-letter')
  const settler = new Settler({ db, now, logger, metrics })
  onStop((signal) => settler.stop(signal))
  const store = new Store({
    db,
    assigner: topics ?? noTopics,
    deadLetterDirectory,
    storeSpans: settings.clickhouse.storeSpans,
    storeContent: extract.storeContent,
    settler,
    sentiment,
    removeSegment: (segment) => spool.remove(segment),
    logger,
    metrics,
  })
  onStop((signal) => store.stop(signal))
  const spool = new Spool({
    directory: join(settings.dataDirectory, 'spool'),
    maxBytes: settings.clickhouse.spool.maxSizeBytes,
    segmentBytes: settings.clickhouse.spool.segmentSizeBytes,
    segmentAgeMs: Math.min(settings.clickhouse.spool.segmentAgeMs, settings.batch?.timeoutMs ?? Infinity),
    onSegment: (segment) => store.accept(segment),
    isBehind: () => store.isBusy,
    onFailure: (error) => logger.error('writing the spool failed', { error: String(error) }),
  })
  onStop(() => spool.stop())
  await spool.start()

  const limiter = settings.memoryLimiter && new MemoryLimiter(settings.memoryLimiter)
  limiter?.start()
  onStop(() => limiter?.stop())

  const redactor =
    settings.redaction &&
    createRedactor({
      config: settings.redaction,
      identityAttributes: [...extract.sessionAttributes, ...extract.userAttributes],
      count: (rule) => metrics.redactions.inc({ rule }),
    })
  const erase = createErase({
    db,
    topics,
    flush: () => flushSpool(spool),
    deadLetterDirectory,
    pseudonym: (id) => redactor?.identity(id) ?? id,
    logger,
  })
  const retention = new ProjectRetention({ db, onError: warn })
  retention.start()
  onStop(() => retention.stop())
  const query = createQuery({ db, keys, usage, erase, retention, topics, settings, logger })
  onStop(() => query.stop())

  const forwards = createForwards(settings.forwards, { logger, metrics })
  onStop((signal) => forwards.stop(signal))

  const { forward } = forwards
  const redacted = (plain: Ingest): Ingest => (redactor === undefined ? plain : redactingIngest(plain, redactor))
  const ingestOptions = { spool, textFields: (project: string) => fields.of(project), now, admit: () => limiter?.check(), extract }
  const ingest = redacted(createIngest({ ...ingestOptions, forward }))
  const spanTable =
    settings.otelTraces &&
    new SpanTableReader({
      ...settings.otelTraces,
      db,
      ingest: redacted(createIngest({ ...ingestOptions, keepsRaw: false })),
      now,
      logger,
      count: (events) => metrics.acceptedEvents.inc({ receiver: 'otel_traces' }, events),
    })
  spanTable?.start()
  onStop(() => spanTable?.stop())
  const charge: HttpServerOptions['charge'] = (caller, items, events) => limits.charge(caller, items, events)
  const otlpIntake = createOtlpIntake({ ingest, metrics, charge })
  const authenticate: HttpServerOptions['authenticate'] = (headers, scope) => {
    const caller = keys.authenticate(headers, scope)
    if (scope === 'ingest') limits.admit(caller)
    return caller
  }
  const grpcAt = grpcOptions(settings)
  if (grpcAt !== undefined && !isLoopback(grpcAt.host) && !keys.hasKeys) throw new Error(noKeysMessage(grpcAt.host))
  const grpc = grpcAt && (await startGrpc({ ...grpcAt, intake: otlpIntake, authenticate, metrics, logger }))
  onStop((signal) => grpc?.server.stop(signal))

  const gatewayConfig = settings.clickhouseGateway
  const gateway =
    gatewayConfig &&
    (await startGateway({ config: gatewayConfig, db, keys, isLoopback: isLoopback(gatewayConfig.endpoint.host), logger, metrics }))
  onStop((signal) => gateway?.stop(signal))

  const server = new HttpServer({
    ...httpOptions(settings),
    host,
    port,
    ingest,
    otlpIntake,
    authenticate,
    charge,
    queryApp: query.listener,
    health: createHealth({ db, spool, store }),
    metrics,
    logger,
    now,
  })
  observe(metrics, spool, store)
  const address = await server.start()
  onStop((signal) => server.stop(signal))
  const url = `${settings.otlp?.protocols.http?.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  logger.info('collector started', { version, url, database: settings.clickhouse.target.kind, topics: topics?.embeddingId ?? 'off' })
  return { url, grpcPort: grpc?.port, isOpen: keys.isOpen }
}

const unlimited = { itemsPerSecond: 0, burst: 0 }

const noTopics: Assigner = { assign: async (events) => events.map(({ text }) => unassigned(text)) }

function observe(metrics: Metrics, spool: Spool, store: Store): void {
  metrics.gauge('otelcol_exporter_queue_size', 'Spool segments that wait for ClickHouse', () => store.backlog)
  metrics.gauge('turret_spool_bytes', 'Bytes of acknowledged requests that wait for ClickHouse', () => spool.sizeBytes)
  metrics.gauge('turret_spool_segments', 'Spool segments on disk', () => spool.segments)
}
