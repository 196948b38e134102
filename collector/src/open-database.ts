/** Opens the ClickHouse that the configuration names. */
import { setTimeout as delay } from 'node:timers/promises'
import { type ClickHouse, checkServer, migrate, openClickHouse, toClickHouseError } from '@turret/clickhouse'
import type { ClickHouseExporterConfig } from './config/components/clickhouse-exporter.ts'
import type { Logger } from './telemetry.ts'

/** @throws Error when it does not answer, or is too old */
export async function openConfigured(
  { target, database, username, password, memoryLimitBytes }: ClickHouseExporterConfig,
  logger?: Logger,
): Promise<ClickHouse> {
  const url =
    target.kind === 'embedded'
      ? `chdb:${target.directory}`
      : target.url.replace('://', () => `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`)
  const db = await openClickHouse({ url, database, embedded: { maxMemoryBytes: memoryLimitBytes }, ...(logger && { logger }) })
  try {
    await checkServer(db)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

const serverWaitMs = 60_000 // then whoever supervises the process should hear of it
const retryMs = 2_000

/** As `openConfigured`, for a server that may just be starting. @throws Error when it does not answer within a minute */
export async function openPatiently(clickhouse: ClickHouseExporterConfig, logger: Logger): Promise<ClickHouse> {
  const deadline = Date.now() + serverWaitMs
  for (;;) {
    try {
      return await openConfigured(clickhouse, logger)
    } catch (error) {
      const { retryable, message } = toClickHouseError(error)
      if (clickhouse.target.kind === 'embedded' || !retryable || Date.now() > deadline) throw error
      logger.warn('ClickHouse does not answer yet, trying again', { error: message.slice(0, 200) })
      await delay(retryMs)
    }
  }
}

/** @returns the migrations applied now, in order */
export async function migrateConfigured(db: ClickHouse, { clusterName }: ClickHouseExporterConfig): Promise<readonly string[]> {
  return migrate(db, clusterName === '' ? {} : { cluster: clusterName })
}
