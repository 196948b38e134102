// Brings the database's tables up to date: applies each migration file once, in order, and remembers it.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClickHouse } from './client.ts'
import { splitStatements } from './sql-lexer.ts'

export interface MigrateOptions {
  /** Name of a cluster, or the macro `{cluster}`: tables are then made on all its servers, with replicating engines. */
  readonly cluster?: string
  /** Where the files lie. Default: the package's own `migrations/`. */
  readonly directory?: URL
  readonly signal?: AbortSignal
}

interface Migration {
  /** File name without `.sql`. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string
  /** Of the file as it was before: databases that it was applied to stay as they are. */
  readonly replaces: string | undefined
}

const ownMigrations = new URL('../migrations/', import.meta.url)
const fileName = /^\d{4}_[a-z0-9_]+\.sql$/
const replacesLine = /^-- Replaces ([0-9a-f]{64})\b/m
const recordTable = `
  CREATE TABLE IF NOT EXISTS migrations {{onCluster}} (Name String, Hash String, AppliedAt DateTime64(3) DEFAULT now64(3))
  ENGINE = {{engine:ReplacingMergeTree(AppliedAt)}} ORDER BY Name`

/**
 * Makes the database and applies what is missing.
 * A migration that fails half-way runs again from its first statement, and two collectors may start at once: write `IF NOT EXISTS`.
 * What new databases alone shall get, such as a setting that no ALTER changes, goes into the old file with a line `-- Replaces <its hash before>`.
 * @returns the names applied now, in order; empty if nothing was missing
 * @throws Error if an applied file was edited or is gone, or if a statement fails: then with file and number of the statement
 */
export async function migrate(db: ClickHouse, options: MigrateOptions = {}): Promise<readonly string[]> {
  const { cluster, directory = ownMigrations, signal } = options
  const migrations = await readMigrations(directory)
  const run = (sql: string, database?: string): Promise<void> =>
    db.command(fillIn(sql, { cluster, database: db.database }), { ...(signal && { signal }), ...(database && { database }) })
  await run(`CREATE DATABASE IF NOT EXISTS \`${db.database}\` {{onCluster}} ENGINE = Atomic`, 'default')
  await run(recordTable)

  const applied = await readApplied(db, signal)
  checkApplied(applied, migrations)
  const missing = migrations.filter(({ name }) => !applied.has(name))
  for (const { name, sql, hash } of missing) {
    for (const [index, statement] of splitStatements(sql).entries()) {
      try {
        await run(statement)
      } catch (cause) {
        throw new Error(`migration ${name}, statement ${index + 1}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
      }
    }
    await db.insertRows('migrations', [{ Name: name, Hash: hash }], { token: `migration ${name} ${hash}`, ...(signal && { signal }) })
  }
  return missing.map(({ name }) => name)
}

/**
 * Replaces the placeholders of a migration.
 * `{{database}}` → the database's name; `{{onCluster}}` → nothing, or `ON CLUSTER …`; `{{engine:X(…)}}` → `X(…)`, or `ReplicatedX(…)` with the server's default replica path.
 * @throws RangeError for any other placeholder
 */
export function fillIn(sql: string, { cluster, database }: { cluster: string | undefined; database: string }): string {
  return sql.replaceAll(/\{\{\s*([^{}]*(?:\{[^{}]*\}[^{}]*)*?)\s*\}\}/g, (_whole, placeholder: string) => {
    if (placeholder === 'database') return database
    if (placeholder === 'onCluster') return cluster === undefined ? '' : `ON CLUSTER '${cluster.replaceAll(/[\\']/g, '\\$&')}'`
    const engine = /^engine:\s*(\w*MergeTree\b[^]*)$/.exec(placeholder)?.[1]
    if (engine === undefined)
      throw new RangeError(`migration: expected {{database}}, {{onCluster}} or {{engine:…MergeTree…}}, got {{${placeholder}}}`)
    return cluster === undefined ? engine : `Replicated${engine}`
  })
}

async function readMigrations(directory: URL): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  const misnamed = files.find((file) => !fileName.test(file))
  if (misnamed !== undefined) throw new Error(`migration: expected a name like 0001_what.sql, got ${misnamed}`)
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, directory), 'utf8')
      const hash = createHash('sha256').update(sql).digest('hex')
      return { name: file.slice(0, -'.sql'.length), sql, hash, replaces: replacesLine.exec(sql)?.[1] }
    }),
  )
}

async function readApplied(db: ClickHouse, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ Name: string; Hash: string }>('SELECT Name, Hash FROM migrations FINAL', signal ? { signal } : {})
  return new Map(rows.map(({ Name, Hash }) => [Name, Hash]))
}

function checkApplied(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const [name, hash] of applied) {
    const migration = known.get(name)
    if (migration === undefined)
      throw new Error(`migration ${name} was applied to this database but is not known here: an older version cannot use it`)
    if (hash !== migration.hash && hash !== migration.replaces)
      throw new Error(`migration ${name} was edited after it had been applied: add a new migration instead`)
  }
}
