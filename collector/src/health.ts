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

const pingIntervalMs = 1_000
const pingPatienceMs = 3_000

/** The collector is healthy while it takes requests; an absent database is told, not hidden, since the spool bridges it. */
export function createHealth({ db, spool, store }: HealthOptions): () => { healthy: boolean; body: Record<string, unknown> } {
  const startedAt = new Date()
  let isUp = true
  let askedAtMs = -Infinity
  let isAsking = false
  /** One question at a time: those that hang would take the connections that inserts need. */
  const ask = (): void => {
    isAsking = true
    askedAtMs = performance.now()
    void db
      .ping()
      .then((answer) => (isUp = answer))
      .finally(() => (isAsking = false))
  }
  return () => {
    if (!isAsking && performance.now() - askedAtMs > pingIntervalMs) ask()
    // A database that takes the question and does not answer is away, too.
    const database = isUp && !(isAsking && performance.now() - askedAtMs > pingPatienceMs)
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
