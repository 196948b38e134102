/** Looks for words on disk, where a test says that there are none. */
import { gunzipSync } from 'node:zlib'
import { openClickHouse } from '@turret/clickhouse'
import { expect } from 'vitest'

/** Searches every column of every table of a stopped collector; saved states are unpacked. @returns names of tables, with what was found there */
export async function tablesThatHold(dataDir: string, words: readonly string[]): Promise<string[]> {
  const db = await openClickHouse({ url: `chdb:${dataDir}` })
  try {
    const found = new Set<string>()
    const look = (name: string, text: string): void => {
      for (const word of words) if (text.includes(word)) found.add(`${name}: ${word}`)
    }
    const tables = await db.query<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = {database: String} AND engine LIKE '%MergeTree'",
      { params: { database: db.database } },
    )
    expect(tables.length).toBeGreaterThan(12)
    for (const { name } of tables) {
      const rows = await db.query<{ Row: string }>(`SELECT toString(tuple(*)) AS Row FROM ${name}`)
      look(name, rows.map(({ Row }) => Row).join('\n'))
    }
    const states = await db.query<{ Data: string }>('SELECT Data FROM clusterer_states ORDER BY Project, Version, Part')
    for (const { Data } of states) look('clusterer_states, unpacked', gunzipSync(Buffer.from(Data, 'base64')).toString('latin1'))
    return [...found]
  } finally {
    await db.close()
  }
}
