/** What `GET /health` says: the truth about each part, in the form of the Collector's health_check extension. */
import type { ClickHouse } from '@turret/clickhouse'
import type { Spool } from './spool/spool.ts'
import type { Store } from './store/store.ts'
import { version } from './version.ts'

export interface HealthOptions {
  readonly db: ClickHouse
  readonly spool: Spool
  readonly store: Store
}

const pingIntervalMs = 2_000

/** The collector is healthy while it takes requests; an absent database is told, not hidden, since the spool bridges it. */
export function createHealth({ db, spool, store }: HealthOptions): () => { healthy: boolean; body: Record<string, unknown> } {
  const startedAt = new Date()
  let database = true
  let askedAt = 0
  return () => {
    if (Date.now() - askedAt > pingIntervalMs) {
      askedAt = Date.now()
      void db.ping().then((isUp) => (database = isUp))
    }
    return {
      healthy: true,
      body: {
        status: database ? 'Server available' : 'Server available, database away: requests are kept in the spool',
        version,
        upSince: startedAt.toISOString(),
        uptime: `${Math.round((Date.now() - startedAt.getTime()) / 1000)}s`,
        database: database ? 'up' : 'away',
        spool: { bytes: spool.sizeBytes, segments: spool.segments, waiting: store.backlog },
      },
    }
  }
}
