// Says at start whether a server can do what is asked of it, before the first insert fails.

import type { ClickHouse } from './client.ts'

/** The first version with all of these settings. Source: ClickHouse, src/Core/SettingsChangesHistory.cpp. */
export const minServerVersion = '26.3'

const needed = [
  'format_schema_source', // 25.6: ClickHouse decodes spool segments itself
  'input_format_protobuf_oneof_presence', // 25.9: the same
  'enable_materialized_cte', // 26.3: topics and journeys compute once what they need twice
]

/** @throws Error if the server is too old, with its version and the one that is needed */
export async function checkServer(db: Pick<ClickHouse, 'query' | 'version'>): Promise<void> {
  const rows = await db.query<{ name: string }>('SELECT name FROM system.settings WHERE name IN {needed: Array(String)}', {
    params: { needed },
    database: 'default',
  })
  const missing = needed.filter((name) => !rows.some((row) => row.name === name))
  if (missing.length === 0) return
  const version = await db.version()
  throw new Error(`ClickHouse ${version} is too old: ${minServerVersion} or newer is needed, for the setting ${missing.join(' and ')}`)
}
