/** Wires the configured parts into a running collector: started from the last consumer to the first, stopped the other way. */
import { join } from 'node:path'
import { type ClickHouse, migrate, openClickHouse } from '@turret/clickhouse'
import type { CollectorConfig } from './config/collector-config.ts'
import { hashText } from './embed/text-hash.ts'
import { sentiment } from './extract/sentiment.ts'
import { createHealth } from './health.ts'
import { Keys } from './keys/keys.ts'
import { createQuery } from './query-wiring.ts'
import { createNanoClock } from './receive/clock.ts'
import { HttpServer } from './receive/http-server.ts'
import { createIngest } from './receive/ingest.ts'
import { MemoryLimiter } from './receive/memory-limiter.ts'
import { type Settings, httpOptions, isLoopback, listenAddress, noKeysMessage, readSettings } from './settings.ts'
import { Spool } from './spool/spool.ts'
import { KnownFields } from './store/known-fields.ts'
import { applyRetention } from './store/retention.ts'
import { type Assigner, Store } from './store/store.ts'
import { type Logger, Metrics } from './telemetry.ts'
import { createTopics } from './topics/topics.ts'
import { version } from './version.ts'

export interface CollectorOptions {
  readonly logger: Logger
}

/** A collector that runs. */
export interface RunningCollector {
  /** Where clients reach it, such as `http://127.0.0.1:4318`. */
  readonly url: string
  /** No key is configured: on loopback, anyone may do anything in the project `default`. */
  readonly isOpen: boolean
  /** Takes no more, stores what waits, frees everything; gives up when `signal` aborts. Nothing acknowledged is lost. */
  stop(signal: AbortSignal): Promise<void>
}

/**
 * Starts everything that the configuration asks for.
 * @throws Error when the engine does not start, the port is taken, or a non-loopback address has no API keys
 */
export async function startCollector(config: CollectorConfig, { logger }: CollectorOptions): Promise<RunningCollector> {
  const settings = readSettings(config)
  const stops: ((signal: AbortSignal) => Promise<void> | void)[] = []
  const stop = async (signal: AbortSignal): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end(signal)
  }
  try {
    return { ...(await startParts(settings, logger, (end) => stops.push(end))), stop }
  } catch (error) {
    await stop(AbortSignal.timeout(failedStartStopMs))
    throw error
  }
}

type OnStop = (end: (signal: AbortSignal) => Promise<void> | void) => void

const failedStartStopMs = 5_000

/** Starts the parts in order, last consumer first; each says how it stops before the next one starts. */
async function startParts(settings: Settings, logger: Logger, onStop: OnStop): Promise<Omit<RunningCollector, 'stop'>> {
  const metrics = new Metrics()
  const { host, port } = listenAddress(settings)
  const warn = (error: unknown): void => logger.warn('reading a small table failed, trying again', { error: String(error).slice(0, 200) })

  const db = await openDatabase(settings, logger)
  onStop(() => db.close())

  const keys = new Keys({ db, keys: settings.apiKeys?.keys ?? [], isLoopback: isLoopback(host), onRefreshError: warn })
  await keys.start()
  onStop(() => keys.stop())
  if (!isLoopback(host) && !keys.hasKeys) throw new Error(noKeysMessage(host))

  const fields = new KnownFields({ db, textKeys: settings.track?.textKeys ?? ['prompt'], onError: warn })
  await fields.start()
  onStop(() => fields.stop())

  const topics = settings.topics && (await createTopics({ db, config: settings.topics, logger, metrics }))
  onStop((signal) => topics?.stop(signal))

  const store = new Store({
    db,
    assigner: topics ?? noTopics,
    deadLetterDirectory: join(settings.dataDirectory, 'dead-letter'),
    storeSpans: settings.clickhouse.storeSpans,
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
    onFailure: (error) => logger.error('writing the spool failed', { error: String(error) }),
  })
  onStop(() => spool.stop())
  await spool.start()

  const limiter = settings.memoryLimiter && new MemoryLimiter(settings.memoryLimiter)
  limiter?.start()
  onStop(() => limiter?.stop())

  const query = createQuery({ db, keys, topics, settings, logger })
  onStop(() => query.stop())

  const now = createNanoClock()
  const server = new HttpServer({
    ...httpOptions(settings),
    host,
    port,
    ingest: createIngest({ spool, textFields: (project) => fields.of(project), now, admit: () => limiter?.check() }),
    authenticate: (headers, scope) => keys.authenticate(headers, scope),
    queryApp: query.listener,
    health: createHealth({ db, spool, store }),
    metrics,
    logger,
    now,
  })
  observe(metrics, spool, store)
  const address = await server.start()
  onStop((signal) => server.stop(signal))
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  logger.info('collector started', { version, url, database: settings.clickhouse.target.kind, topics: topics?.embeddingId ?? 'off' })
  return { url, isOpen: keys.isOpen }
}

const noTopics: Assigner = {
  assign: async (events) =>
    events.map(({ text }) => ({ textHash: hashText(text), anchorId: 0n, topicId: 0n, similarity: 0, outlierScore: 0 })),
}

async function openDatabase({ clickhouse }: Settings, logger: Logger): Promise<ClickHouse> {
  const { target, database, username, password } = clickhouse
  const url =
    target.kind === 'embedded'
      ? `chdb:${target.directory}`
      : target.url.replace('://', `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`)
  const db = await openClickHouse({ url, database, logger })
  try {
    if (clickhouse.createSchema) await migrate(db, clickhouse.clusterName === '' ? {} : { cluster: clickhouse.clusterName })
    await applyRetention(db, clickhouse.ttlMs)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

function observe(metrics: Metrics, spool: Spool, store: Store): void {
  metrics.gauge('otelcol_exporter_queue_size', 'Spool segments that wait for ClickHouse', () => store.backlog)
  metrics.gauge('turret_spool_bytes', 'Bytes of acknowledged requests that wait for ClickHouse', () => spool.sizeBytes)
  metrics.gauge('turret_spool_segments', 'Spool segments on disk', () => spool.segments)
}
