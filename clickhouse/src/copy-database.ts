// Moves everything from one ClickHouse to another: from the embedded one to a server, or back.

import { Readable } from 'node:stream'
import type { ClickHouse } from './client.ts'

export interface CopiedTable {
  readonly table: string
  readonly rows: number
}

/** Filled by a materialized view of another table, or by `migrate`. */
const derived = new Set(['otel_traces_trace_id_ts', 'migrations'])

/**
 * Copies every table, column by column name; both sides must have been migrated by this version.
 * @throws Error if a table of the target holds rows already: nothing is ever mixed or doubled
 */
export async function copyDatabase(
  from: ClickHouse,
  to: ClickHouse,
  onTable?: (copied: CopiedTable) => void,
): Promise<readonly CopiedTable[]> {
  const tables = (await tablesOf(from)).filter((table) => !derived.has(table))
  for (const table of tables) {
    const rows = await countRows(to, table)
    if (rows > 0) throw new Error(`${to.database}.${table} has ${rows} rows already: copy into an empty database`)
  }
  const copied: CopiedTable[] = []
  for (const table of tables) {
    await copyTable(from, to, table)
    const rows = await countRows(to, table)
    copied.push({ table, rows })
    onTable?.({ table, rows })
  }
  await to.command('SYSTEM RELOAD DICTIONARIES')
  return copied
}

async function copyTable(from: ClickHouse, to: ClickHouse, table: string): Promise<void> {
  const columns = await from.query<{ name: string }>(
    `SELECT name FROM system.columns
     WHERE database = {database: String} AND table = {table: String} AND default_kind NOT IN ('ALIAS', 'MATERIALIZED') ORDER BY position`,
    { params: { database: from.database, table } },
  )
  const names = columns.map(({ name }) => `\`${name}\``).join(', ')
  const result = await from.client.exec({ query: `SELECT ${names} FROM ${table} FORMAT Native` })
  await to.insertBytes(`INSERT INTO ${table} (${names}) FORMAT Native`, Readable.from(result.stream), {
    token: `copy ${table} ${Date.now()}`,
    settings: { max_partitions_per_insert_block: 0 },
  })
}

async function tablesOf(db: ClickHouse): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = {database: String} AND engine LIKE '%MergeTree' ORDER BY name",
    { params: { database: db.database } },
  )
  return rows.map(({ name }) => name)
}

async function countRows(db: ClickHouse, table: string): Promise<number> {
  const [row] = await db.query<{ Rows: number }>(`SELECT count() AS Rows FROM ${table}`)
  return row?.Rows ?? 0
}
