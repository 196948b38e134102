/** Starts and stops a collector: what takes long to start, starts at once. */
import type { ClickHouse } from '@turret/clickhouse'
import type { CollectorConfig } from './config/collector-config.ts'
import { migrateConfigured, openPatiently } from './open-database.ts'
import { type Settings, readSettings } from './settings.ts'
import { applyRetention } from './store/retention.ts'
import { type Logger, Metrics } from './telemetry.ts'
import { createTopics } from './topics/topics.ts'

export interface CollectorOptions {
  readonly logger: Logger
}

/** A collector that runs. */
export interface RunningCollector {
  /** Where clients reach it, such as `http://127.0.0.1:4318`. */
  readonly url: string
  /** Where OTLP/gRPC answers; undefined when it is off. */
  readonly grpcPort: number | undefined
  /** What the query API does not show can be asked here. */
  readonly db: ClickHouse
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
    const metrics = new Metrics()
    // The engine starts in a process of its own; the topics thread and all other parts load meanwhile.
    const opening = openDatabase(settings, logger)
    stops.push(() => opening.then((db) => db.close(), nothingToClose))
    const [db, topics, { startParts }] = await Promise.all([
      opening,
      settings.topics && createTopics({ db: opening, config: settings.topics, logger, metrics }),
      import('./start-parts.ts'),
    ])
    if (topics !== undefined) stops.push((signal) => topics.stop(signal))
    return { ...(await startParts({ settings, db, topics, logger, metrics }, (end) => stops.push(end))), db, stop }
  } catch (error) {
    await stop(AbortSignal.timeout(failedStartStopMs))
    throw error
  }
}

const failedStartStopMs = 5_000
const nothingToClose = (): void => undefined

async function openDatabase({ clickhouse }: Settings, logger: Logger): Promise<ClickHouse> {
  const db = await openPatiently(clickhouse, logger)
  try {
    if (clickhouse.createSchema) await migrateConfigured(db, clickhouse)
    await applyRetention(db, clickhouse.ttlMs)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}
