/** Keeps a clusterer's state in ClickHouse, so that a restart goes on where it stopped. */
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { ClickHouse } from '@turret/clickhouse'

/** A saved state. */
export interface SavedState {
  readonly spaceId: string
  readonly version: number
  /** Unix nanoseconds: events received later are not part of it. */
  readonly savedAt: bigint
  readonly bytes: Buffer
}

const partBytes = 4 * 1024 * 1024

/** The newest whole state of a project, in whatever vector space. */
export async function readState(db: ClickHouse, project: string): Promise<SavedState | undefined> {
  const newest = await db.query<{ SpaceId: string; Version: number; SavedAt: string }>(
    `SELECT SpaceId, toUInt64(Version) AS Version, toString(toUnixTimestamp64Nano(any(SavedAt))) AS SavedAt FROM clusterer_states
     WHERE Project = {project: String}
     GROUP BY SpaceId, Version HAVING uniqExact(Part) = any(Parts) ORDER BY Version DESC LIMIT 1`,
    { params: { project } },
  )
  const found = newest[0]
  if (found === undefined) return undefined
  // As bytes: as rows of JSON it would take three times as long, and a collector that starts waits for it.
  const { stream } = await db.client.exec({
    query: `SELECT base64Decode(any(Data)) AS Bytes FROM clusterer_states
      WHERE Project = {project: String} AND SpaceId = {spaceId: String} AND Version = {version: UInt64}
      GROUP BY Part ORDER BY Part FORMAT RawBLOB`,
    query_params: { project, spaceId: found.SpaceId, version: found.Version },
  })
  const bytes = gunzipSync(await buffer(stream))
  return { spaceId: found.SpaceId, version: found.Version, savedAt: BigInt(found.SavedAt), bytes }
}

/** Saves a state, then forgets the older ones, other spaces' too: one that was cut off half-way leaves the last whole one. */
export async function writeState(db: ClickHouse, project: string, state: SavedState): Promise<void> {
  const { spaceId, version } = state
  const packed = gzipSync(state.bytes, { level: 1 })
  const count = Math.max(1, Math.ceil(packed.length / partBytes))
  const savedAt = new Date(Number(state.savedAt / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', '')
  for (let part = 0; part < count; part++) {
    const row = {
      Project: project,
      SpaceId: spaceId,
      Version: version,
      Part: part,
      Parts: count,
      SavedAt: savedAt,
      Data: packed.subarray(part * partBytes, (part + 1) * partBytes).toString('base64'),
    }
    await db.insertRows('clusterer_states', [row], { token: `${project}/${spaceId}/${version}/${savedAt}/${part}` })
  }
  await db.command('DELETE FROM clusterer_states WHERE Project = {project: String} AND Version < {version: UInt64}', {
    params: { project, version },
  })
}
