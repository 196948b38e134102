/** How long raw telemetry is kept: the configuration's `ttl`, as a TTL of the tables. */
import type { ClickHouse } from '@turret/clickhouse'

const tables = [
  { table: 'otel_traces', time: 'toDateTime(Timestamp)' },
  { table: 'otel_logs', time: 'TimestampTime' },
  { table: 'otel_traces_trace_id_ts', time: 'Start' },
] as const

/** Changes the tables' TTL where it is not the wanted one. @param ttlMs 0 = for ever */
export async function applyRetention(db: ClickHouse, ttlMs: number): Promise<void> {
  const seconds = Math.ceil(ttlMs / 1000)
  const rows = await db.query<{ name: string; create_table_query: string }>(
    'SELECT name, create_table_query FROM system.tables WHERE database = {database: String}',
    { params: { database: db.database } },
  )
  const definitions = new Map(rows.map((row) => [row.name, row.create_table_query]))
  for (const { table, time } of tables) {
    const definition = definitions.get(table) ?? ''
    const hasTtl = / TTL /.test(definition)
    if (seconds === 0) {
      if (hasTtl) await db.command(`ALTER TABLE ${table} REMOVE TTL`)
    } else if (!definition.includes(`TTL ${time} + toIntervalSecond(${seconds})`)) {
      await db.command(`ALTER TABLE ${table} MODIFY TTL ${time} + toIntervalSecond(${seconds}) SETTINGS materialize_ttl_after_modify = 0`)
    }
  }
}
