/** What `GET /health` says: the truth about each part, in the form of the Collector's health_check extension. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ClickHouse } from '@turret/clickhouse'
import type { Spool } from './spool/spool.ts'
import type { Store } from './store/store.ts'
import { version } from './version.ts'

export interface HealthOptions {
  readonly db: ClickHouse
  readonly spool: Spool
  readonly store: Store
}

const pingIntervalMs = 1_000
const pingTimeoutMs = 2_000

/** The collector is healthy while it takes requests; an absent database is told, not hidden, since the spool bridges it. */
export function createHealth({ db, spool, store }: HealthOptions): () => { healthy: boolean; body: Record<string, unknown> } {
  const startedAt = new Date()
  let database = true
  let askedAt = 0
  return () => {
    if (Date.now() - askedAt > pingIntervalMs) {
      askedAt = Date.now()
      void pingInTime(db).then((isUp) => (database = isUp))
    }
    const healthy = spool.isWritable
    return {
      healthy,
      body: {
        status: statusOf(healthy, database),
        version,
        upSince: startedAt.toISOString(),
        uptime: `${Math.round((Date.now() - startedAt.getTime()) / 1000)}s`,
        database: database ? 'up' : 'away',
        spool: { bytes: spool.sizeBytes, segments: spool.segments, waiting: store.backlog, writable: healthy },
      },
    }
  }
}

function statusOf(healthy: boolean, database: boolean): string {
  if (!healthy) return 'Server not available: the spool cannot be written, is the disk full?'
  return database ? 'Server available' : 'Server available, database away: requests are kept in the spool'
}

/** A database that takes the question and does not answer is away, too. */
async function pingInTime(db: ClickHouse): Promise<boolean> {
  const answered = new AbortController()
  try {
    return await Promise.race([db.ping(), delay(pingTimeoutMs, false, { signal: answered.signal, ref: false })])
  } finally {
    answered.abort()
  }
}
