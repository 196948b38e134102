/** Keeps a project's map in ClickHouse, so that every collector can answer with it and a restart goes on from it. */
import type { ClickHouse } from '@turret/clickhouse'
import type { MapPlaces } from '../cluster/map.ts'

export interface StoredMap {
  readonly spaceId: string
  readonly places: MapPlaces
}

interface Row {
  readonly SpaceId: string
  readonly Anchors: string[]
  readonly Xs: number[]
  readonly Ys: number[]
}

/** undefined when none was drawn yet. */
export async function readMap(db: ClickHouse, project: string): Promise<StoredMap | undefined> {
  const [row] = await db.query<Row>(
    `SELECT SpaceId, arrayMap(id -> toString(id), AnchorIds) AS Anchors, Xs, Ys FROM maps FINAL WHERE Project = {project: String}`,
    { params: { project } },
  )
  if (row === undefined) return undefined
  const places = { anchorIds: BigUint64Array.from(row.Anchors, BigInt), xs: Float32Array.from(row.Xs), ys: Float32Array.from(row.Ys) }
  return { spaceId: row.SpaceId, places }
}

/** Readers see the new map whole, or the old one. @param version unix ms */
export async function writeMap(db: ClickHouse, project: string, { spaceId, places }: StoredMap, version: number): Promise<void> {
  const row = {
    Project: project,
    SpaceId: spaceId,
    AnchorIds: Array.from(places.anchorIds),
    Xs: Array.from(places.xs),
    Ys: Array.from(places.ys),
    Version: version,
  }
  await db.insertRows('maps', [row], { token: `${project}/map/${version}` })
}
