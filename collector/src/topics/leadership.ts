/** Decides which of several collectors clusters a project: by a lease in ClickHouse that its holder keeps renewing. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { ClickHouse } from '@turret/clickhouse'

export interface LeadershipOptions {
  readonly db: ClickHouse
  /** The database belongs to this process alone: it leads everything. */
  readonly isAlone: boolean
  /** Another collector leads the project now. */
  readonly onLost: (project: string) => void
  readonly onError: (error: unknown) => void
}

const leaseMs = 15_000 // how long a killed leader's projects stay without one
const renewMs = 5_000
const lookMs = 1_000 // how soon a leader sees that another one took over

const newest = `SELECT Project, argMax(leases.Holder, (Version, leases.Holder)) AS Holder,
    argMax(ExpiresAt, (Version, leases.Holder)) > now64(3) AS IsLive
  FROM leases WHERE Project IN {projects: Array(String)} GROUP BY Project`
const claim = `INSERT INTO leases (Project, Holder, ExpiresAt, Version)
  SELECT arrayJoin({projects: Array(String)}) AS Name, {holder: String}, now64(3) + toIntervalMillisecond({leaseMs: UInt32}), toUnixTimestamp64Micro(now64(6))`

/**
 * ClickHouse has no compare-and-set, so for up to a second two may believe they lead. That is harmless: ids are hashes that both
 * compute alike, newer versions win, and whoever publishes next makes good what the other left (reconcile.ts).
 */
export class Leadership {
  private readonly options: LeadershipOptions
  private readonly holder = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  /** Projects led, and until when on this process's own clock. */
  private readonly held = new Map<string, number>()
  private readonly askedAt = new Map<string, number>()
  private renewedAt = 0
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> = Promise.resolve()

  constructor(options: LeadershipOptions) {
    this.options = options
  }

  start(): void {
    if (this.options.isAlone) return
    this.timer = setInterval(() => {
      this.looking = this.look().catch(this.options.onError)
    }, lookMs)
  }

  /** Gives every project back, so that another collector takes over at once. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.looking
    const projects = [...this.held.keys()]
    this.held.clear()
    if (projects.length > 0) await this.write(projects, 0)
  }

  /** Does this collector lead the project? Takes the lead where nobody has it. */
  async leads(project: string): Promise<boolean> {
    if (this.options.isAlone || this.holds(project)) return true
    if (performance.now() - (this.askedAt.get(project) ?? -Infinity) < lookMs) return false
    this.askedAt.set(project, performance.now())
    const [lease] = await this.read([project])
    if (lease !== undefined && lease.IsLive === 1 && lease.Holder !== this.holder) return false
    return this.claim(project)
  }

  /** Takes the lead even from another collector, and waits until that one has seen it. */
  async take(project: string): Promise<void> {
    if (this.options.isAlone || this.holds(project)) return
    await this.claim(project)
    await delay(2 * lookMs)
  }

  private holds(project: string): boolean {
    return (this.held.get(project) ?? 0) > performance.now()
  }

  private async claim(project: string): Promise<boolean> {
    const until = performance.now() + leaseMs
    await this.write([project], leaseMs)
    const [lease] = await this.read([project])
    if (lease?.Holder !== this.holder) return false
    this.held.set(project, until)
    return true
  }

  private async look(): Promise<void> {
    for (const [project, until] of this.held) if (until < performance.now()) this.lose(project)
    if (this.held.size === 0) return
    for (const { Project, Holder } of await this.read([...this.held.keys()])) if (Holder !== this.holder) this.lose(Project)
    if (performance.now() - this.renewedAt < renewMs || this.held.size === 0) return
    this.renewedAt = performance.now()
    const projects = [...this.held.keys()]
    await this.write(projects, leaseMs)
    for (const project of projects) this.held.set(project, this.renewedAt + leaseMs)
  }

  private lose(project: string): void {
    this.held.delete(project)
    this.options.onLost(project)
  }

  private read(projects: readonly string[]): Promise<{ Project: string; Holder: string; IsLive: number }[]> {
    return this.options.db.query(newest, { params: { projects } })
  }

  private write(projects: readonly string[], ms: number): Promise<void> {
    return this.options.db.command(claim, { params: { projects, holder: this.holder, leaseMs: ms }, settings: { insert_deduplicate: 0 } })
  }
}
