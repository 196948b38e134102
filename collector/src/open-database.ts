/** Opens the ClickHouse that the configuration names. */
import { type ClickHouse, checkServer, migrate, openClickHouse } from '@turret/clickhouse'
import type { ClickHouseExporterConfig } from './config/components/clickhouse-exporter.ts'
import type { Logger } from './telemetry.ts'

/** @throws Error when it does not answer, or is too old */
export async function openConfigured(
  { target, database, username, password }: ClickHouseExporterConfig,
  logger?: Logger,
): Promise<ClickHouse> {
  const url =
    target.kind === 'embedded'
      ? `chdb:${target.directory}`
      : target.url.replace('://', () => `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`)
  const db = await openClickHouse({ url, database, ...(logger && { logger }) })
  try {
    await checkServer(db)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

/** @returns the migrations applied now, in order */
export async function migrateConfigured(db: ClickHouse, { clusterName }: ClickHouseExporterConfig): Promise<readonly string[]> {
  return migrate(db, clusterName === '' ? {} : { cluster: clusterName })
}
