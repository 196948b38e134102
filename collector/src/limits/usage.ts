/** Counts the events that each API key brings in a month: exact in memory, added up over collectors and restarts in ClickHouse. */
import { randomUUID } from 'node:crypto'
import type { ClickHouse } from '@turret/clickhouse'

export interface UsageOptions {
  readonly db: ClickHouse
  readonly now?: () => Date
  readonly onError: (error: unknown) => void
}

interface Count {
  readonly Project: string
  readonly KeyId: string
  /** The month's first day, `2026-11-01`. */
  readonly Month: string
  Events: number
}

interface Batch {
  readonly token: string
  readonly counts: readonly Count[]
}

const syncMs = 2_000 // what a killed collector forgets, and how far several may overrun a quota together

/** Every two seconds what was counted is written, and what all collectors counted is read. */
export class Usage {
  private readonly db: ClickHouse
  private readonly now: () => Date
  private readonly onError: (error: unknown) => void
  private month: string
  /** What ClickHouse knows of this month, by key. */
  private stored = new Map<string, number>()
  /** Counted here, not written yet, by month and key. */
  private fresh = new Map<string, Count>()
  /** Being written. Kept until it succeeds: the same token a second time adds nothing. */
  private batch: Batch | undefined
  private timer: NodeJS.Timeout | undefined
  private syncing: Promise<void> = Promise.resolve()

  constructor({ db, now = () => new Date(), onError }: UsageOptions) {
    this.db = db
    this.now = now
    this.onError = onError
    this.month = monthOf(now())
  }

  async start(): Promise<void> {
    await this.sync()
    this.timer = setInterval(() => void this.sync().catch(this.onError), syncMs).unref()
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.sync().catch(this.onError)
  }

  /** Events that the key brought this month. */
  of(keyId: string): number {
    const month = this.thisMonth()
    const waiting = this.batch?.counts.find((count) => count.Month === month && count.KeyId === keyId)?.Events ?? 0
    return (this.stored.get(keyId) ?? 0) + waiting + (this.fresh.get(`${month} ${keyId}`)?.Events ?? 0)
  }

  add({ project, keyId }: { project: string; keyId: string }, events: number): void {
    if (events === 0) return
    const month = this.thisMonth()
    const key = `${month} ${keyId}`
    const count = this.fresh.get(key)
    if (count === undefined) this.fresh.set(key, { Project: project, KeyId: keyId, Month: month, Events: events })
    else count.Events += events
  }

  /** Seconds until quotas start anew. */
  secondsToNextMonth(): number {
    const now = this.now()
    return Math.ceil((Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime()) / 1000)
  }

  /** One after the other: a count is either waiting or stored, never both. */
  private sync(): Promise<void> {
    this.syncing = this.syncing.catch(() => undefined).then(() => this.exchange())
    return this.syncing
  }

  private async exchange(): Promise<void> {
    if (this.batch === undefined && this.fresh.size > 0) {
      this.batch = { token: `usage ${randomUUID()}`, counts: [...this.fresh.values()] }
      this.fresh = new Map()
    }
    if (this.batch !== undefined) {
      const { token, counts } = this.batch
      await this.db.insertRows('key_usage', counts, { token })
      const month = this.thisMonth()
      for (const { Month, KeyId, Events } of counts) if (Month === month) this.stored.set(KeyId, (this.stored.get(KeyId) ?? 0) + Events)
      this.batch = undefined
    }
    const month = this.thisMonth()
    const rows = await this.db.query<{ KeyId: string; Events: number }>(
      'SELECT KeyId, sum(Events) AS Events FROM key_usage WHERE Month = {month: Date} GROUP BY KeyId',
      { params: { month } },
    )
    if (month === this.thisMonth()) this.stored = new Map(rows.map((row) => [row.KeyId, row.Events]))
  }

  private thisMonth(): string {
    const month = monthOf(this.now())
    if (month !== this.month) {
      this.month = month
      this.stored = new Map()
    }
    return month
  }
}

function monthOf(date: Date): string {
  return `${date.toISOString().slice(0, 7)}-01`
}
