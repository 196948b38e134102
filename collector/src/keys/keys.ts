/** API keys: who may do what in which project. Only hashes are kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { ClickHouse } from '@turret/clickhouse'
import { CollectorError } from '../errors.ts'

export type Scope = 'ingest' | 'read' | 'admin'

/** Who sent a request. */
export interface Caller {
  readonly project: string
  readonly scopes: readonly Scope[]
  /** The part of the key that may be shown; '' for the open development project. */
  readonly keyId: string
  /** Events a month; 0 = no limit. */
  readonly monthlyQuota: number
  /** Users that must share what the key may see; 0 = everything. */
  readonly kAnonymity: number
}

/** A key as the configuration file gives it. */
export interface StaticKey {
  readonly key: string
  readonly project: string
  readonly scopes: readonly Scope[]
  readonly monthlyQuota: number
  readonly kAnonymity: number
}

export interface KeyRow {
  readonly KeyId: string
  readonly KeyHash: string
  readonly Project: string
  readonly Name: string
  readonly Scopes: Scope[]
  readonly MonthlyQuota: number
  readonly KAnonymity: number
  readonly CreatedAt: string
  readonly ExpiresAt: string | null
  readonly RevokedAt: string | null
}

export interface NewKey {
  readonly project: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly monthlyQuota: number
  readonly kAnonymity: number
  readonly expiresAt: Date | undefined
}

/** The project that is open while no key exists and the collector listens on loopback only. */
export const developmentProject = 'default'

const allScopes: readonly Scope[] = ['ingest', 'read', 'admin']
const developer: Caller = { project: developmentProject, scopes: allScopes, keyId: '', monthlyQuota: 0, kAnonymity: 0 }
const refreshMs = 2_000 // how long a key made or revoked by another collector may go unnoticed
const columns = 'KeyId, KeyHash, Project, Name, Scopes, MonthlyQuota, KAnonymity, CreatedAt, ExpiresAt, RevokedAt'

/** Looks keys up in memory; the table `api_keys` is read again every two seconds. */
export class Keys {
  private readonly db: ClickHouse
  private readonly fixed: readonly (StaticKey & { readonly hash: string })[]
  private readonly isLoopback: boolean
  private rows = new Map<string, KeyRow>()
  private timer: NodeJS.Timeout | undefined
  private onRefreshError: (error: unknown) => void

  constructor(options: { db: ClickHouse; keys: readonly StaticKey[]; isLoopback: boolean; onRefreshError: (error: unknown) => void }) {
    this.db = options.db
    this.fixed = options.keys.map((key) => ({ ...key, hash: hashKey(key.key) }))
    this.isLoopback = options.isLoopback
    this.onRefreshError = options.onRefreshError
  }

  /** Somebody can be told apart from a stranger. */
  get hasKeys(): boolean {
    return this.fixed.length > 0 || [...this.rows.values()].some(isUsable)
  }

  /** No key exists: on loopback everything is open, elsewhere the collector must not start. */
  get isOpen(): boolean {
    return this.isLoopback && !this.hasKeys
  }

  async start(): Promise<void> {
    await this.refresh()
    this.timer = setInterval(() => void this.refresh().catch(this.onRefreshError), refreshMs).unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /**
   * Who sent this request, by `X-API-Key` or `Authorization: Bearer`.
   * @throws CollectorError INVALID_API_KEY, or FORBIDDEN when the key lacks the scope
   */
  authenticate(headers: IncomingHttpHeaders | Headers, scope: Scope): Caller {
    const key = readKey(headers)
    if (key === undefined) {
      if (this.isOpen) return developer
      throw new CollectorError('INVALID_API_KEY', 'no API key: send it as "X-API-Key" or "Authorization: Bearer <key>"')
    }
    const caller = this.find(hashKey(key)) ?? (this.isOpen ? developer : undefined)
    if (caller === undefined) throw new CollectorError('INVALID_API_KEY', 'the API key is unknown, revoked or expired')
    if (!caller.scopes.includes(scope) && !caller.scopes.includes('admin')) {
      throw new CollectorError('FORBIDDEN', `the API key ${caller.keyId} has the scopes ${caller.scopes.join(', ')}; this needs ${scope}`)
    }
    return caller
  }

  /**
   * Makes a key. The first key closes the open development project, so it always may do everything.
   * @throws CollectorError INVALID_REQUEST for a key with k-anonymity that could see or do more than read
   */
  async create(request: NewKey): Promise<{ key: string; row: KeyRow }> {
    if (request.kAnonymity > 0) requireReadOnly(request.scopes, this.isOpen)
    const scopes = this.isOpen ? [...allScopes] : [...request.scopes]
    const secret = randomBytes(24).toString('base64url')
    const keyId = `tk_${randomBytes(6).toString('hex')}`
    const key = `${keyId}_${secret}`
    const now = new Date()
    const row: KeyRow = {
      KeyId: keyId,
      KeyHash: hashKey(key),
      Project: request.project,
      Name: request.name,
      Scopes: scopes,
      MonthlyQuota: request.monthlyQuota,
      KAnonymity: request.kAnonymity,
      CreatedAt: toTime(now),
      ExpiresAt: request.expiresAt === undefined ? null : toTime(request.expiresAt),
      RevokedAt: null,
    }
    await this.write(row, now)
    return { key, row }
  }

  /** @returns false when the project has no such key */
  async revoke(project: string, keyId: string): Promise<boolean> {
    await this.refresh()
    const row = [...this.rows.values()].find((candidate) => candidate.KeyId === keyId && candidate.Project === project)
    if (row === undefined) return false
    const now = new Date()
    await this.write({ ...row, RevokedAt: toTime(now) }, now)
    return true
  }

  async list(project: string): Promise<KeyRow[]> {
    await this.refresh()
    return [...this.rows.values()].filter((row) => row.Project === project).sort((a, b) => (a.CreatedAt < b.CreatedAt ? -1 : 1))
  }

  private async write(row: KeyRow, now: Date): Promise<void> {
    const version = BigInt(now.getTime()) * 1_000_000n
    await this.db.insertRows('api_keys', [{ ...row, Version: version.toString() }], { token: `${row.KeyId}-${version}` })
    await this.refresh()
  }

  private async refresh(): Promise<void> {
    const rows = await this.db.query<KeyRow>(`SELECT ${columns} FROM api_keys FINAL`)
    this.rows = new Map(rows.map((row) => [row.KeyHash, row]))
  }

  private find(hash: string): Caller | undefined {
    const fixed = this.fixed.find((candidate) => isEqual(candidate.hash, hash))
    if (fixed !== undefined) {
      // The file gives no id: the start of the hash tells keys apart and cannot be turned back into one.
      const { project, scopes, monthlyQuota, kAnonymity } = fixed
      return { project, scopes, keyId: `configured_${hash.slice(0, 8)}`, monthlyQuota, kAnonymity }
    }
    const row = this.rows.get(hash)
    if (row === undefined || !isUsable(row)) return undefined
    return { project: row.Project, scopes: row.Scopes, keyId: row.KeyId, monthlyQuota: row.MonthlyQuota, kAnonymity: row.KAnonymity }
  }
}

function requireReadOnly(scopes: readonly Scope[], isFirst: boolean): void {
  if (isFirst) throw new CollectorError('INVALID_REQUEST', 'k_anonymity: the first key may do everything; make one for yourself first')
  if (scopes.length === 1 && scopes[0] === 'read') return
  throw new CollectorError('INVALID_REQUEST', `k_anonymity: expected the scope read alone, got ${scopes.join(', ')}`)
}

function isUsable(row: KeyRow): boolean {
  return row.RevokedAt === null && (row.ExpiresAt === null || Date.parse(`${row.ExpiresAt.replace(' ', 'T')}Z`) > Date.now())
}

function readKey(headers: IncomingHttpHeaders | Headers): string | undefined {
  const read = (name: string): string | undefined => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const authorization = read('authorization') ?? ''
  return read('x-api-key') ?? /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? basicPassword(authorization)
}

/** Of HTTP's Basic scheme, which some SDKs cannot be talked out of: the key is the password. */
function basicPassword(authorization: string): string | undefined {
  const credentials = /^Basic\s+(\S+)$/i.exec(authorization)?.[1]
  const password = credentials && Buffer.from(credentials, 'base64').toString('utf8').split(':').slice(1).join(':')
  return password || undefined
}

function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/** ClickHouse's text form of DateTime64(3), UTC. */
function toTime(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '')
}
