/** How long each project keeps its events: the table `projects` says it, an hourly look carries it out. */
import type { ClickHouse } from '@turret/clickhouse'
import { expireSessionTurns } from './session-turns.ts'

export interface ProjectRetentionOptions {
  readonly db: ClickHouse
  readonly onError: (error: unknown) => void
  readonly intervalMs?: number
}

const hourMs = 3_600_000
const daySeconds = 86_400
// What holds texts of users, with the column that says when they were said.
const tables = [
  { table: 'events', time: 'Timestamp' },
  { table: 'otel_traces', time: 'Timestamp' },
  { table: 'otel_logs', time: 'TimestampTime' },
] as const

/** Deletes by mutation: rows that are too old are gone from disk, not only hidden. */
export class ProjectRetention {
  private readonly options: ProjectRetentionOptions
  private timer: NodeJS.Timeout | undefined
  private working: Promise<void> = Promise.resolve()

  constructor(options: ProjectRetentionOptions) {
    this.options = options
  }

  start(): void {
    const look = (): void => {
      this.working = this.apply().catch(this.options.onError)
    }
    look()
    this.timer = setInterval(look, this.options.intervalMs ?? hourMs).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.working
  }

  /** Days that a project's events are kept; 0 = for ever. */
  async of(project: string): Promise<number> {
    const sql = 'SELECT RetentionDays FROM projects FINAL WHERE Project = {project: String}'
    const [row] = await this.options.db.query<{ RetentionDays: number }>(sql, { params: { project } })
    return row?.RetentionDays ?? 0
  }

  /** Takes effect at once. */
  async set(project: string, days: number): Promise<void> {
    const now = Date.now()
    const row = { Project: project, CreatedAt: toTime(now), RetentionDays: days, Version: now * 1000 }
    await this.options.db.insertRows('projects', [row], { token: `project ${project} ${now}` })
    this.working = this.working.then(() => this.apply())
    await this.working
  }

  private async apply(): Promise<void> {
    const { db } = this.options
    const projects = await db.query<{ Project: string; RetentionDays: number }>(
      'SELECT Project, RetentionDays FROM projects FINAL WHERE RetentionDays > 0',
    )
    for (const { Project: project, RetentionDays: days } of projects) {
      const before = Math.floor(Date.now() / 1000) - days * daySeconds
      for (const { table, time } of tables) {
        const where = `Project = {project: String} AND ${time} < fromUnixTimestamp({before: Int64})`
        const params = { project, before }
        const [found] = await db.query<{ Rows: number }>(`SELECT count() AS Rows FROM ${table} WHERE ${where}`, { params })
        if ((found?.Rows ?? 0) === 0) continue
        if (table === 'events') await expireSessionTurns(db, project, before)
        await db.command(`ALTER TABLE ${table} DELETE WHERE ${where}`, { params, settings: { mutations_sync: 1 } })
      }
    }
  }
}

/** ClickHouse's text form of DateTime64(3), UTC. */
function toTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('T', ' ').replace('Z', '')
}
