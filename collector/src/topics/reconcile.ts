/** Makes good what another leader published: the last one to publish has the last word on every anchor and topic. */
import type { ClickHouse } from '@turret/clickhouse'
import { readKnownTopics } from './known-topics.ts'
import { publishTopics } from './publish.ts'

interface Place {
  readonly subtopic: bigint
  readonly topic: bigint
  readonly theme: bigint
}

interface Row {
  readonly AnchorId: string
  readonly SubtopicId: string
  readonly TopicId: string
  readonly ThemeId: string
}

const pageSize = 50_000

/** The newest version that anybody published, or began to; 0 = none. */
export async function newestVersion(db: ClickHouse, project: string): Promise<number> {
  const sql = `SELECT max(Version) AS Version FROM (
    SELECT Version FROM clustering_runs WHERE Project = {project: String}
    UNION ALL SELECT Version FROM anchor_topics WHERE Project = {project: String})`
  const [row] = await db.query<{ Version: number }>(sql, { params: { project } })
  return row?.Version ?? 0
}

/**
 * @param placeOf where an anchor belongs as this clusterer has it; undefined for an anchor that it does not know: that stays
 * @param living ids of the topics there are; others that stand as active and have no anchors left are retired, and
 *   lead to where most of their anchors went
 */
export async function reconcile(
  db: ClickHouse,
  project: string,
  version: number,
  { placeOf, living }: { placeOf: (anchorId: bigint) => Place | undefined; living: ReadonlySet<bigint> },
): Promise<void> {
  const moved = new Map<bigint, Map<bigint, number>>()
  const kept = new Set(living)
  for (let after = '0', page: Row[] = []; ; after = page.at(-1)!.AnchorId) {
    page = await db.query<Row>(
      `SELECT toString(AnchorId) AS AnchorId, toString(argMax(anchor_topics.SubtopicId, Version)) AS SubtopicId,
         toString(argMax(anchor_topics.TopicId, Version)) AS TopicId, toString(argMax(anchor_topics.ThemeId, Version)) AS ThemeId
       FROM anchor_topics WHERE Project = {project: String} AND anchor_topics.AnchorId > {after: UInt64}
       GROUP BY anchor_topics.AnchorId ORDER BY anchor_topics.AnchorId LIMIT {size: UInt32}`,
      { params: { project, after, size: pageSize } },
    )
    const rows = page.flatMap((row) => {
      const place = placeOf(BigInt(row.AnchorId))
      if (place === undefined) {
        for (const id of [row.SubtopicId, row.TopicId, row.ThemeId]) kept.add(BigInt(id))
        return []
      }
      if (isSame(row, place)) return []
      for (const [from, to] of [
        [row.SubtopicId, place.subtopic],
        [row.TopicId, place.topic],
        [row.ThemeId, place.theme],
      ] as const)
        count(moved, BigInt(from), to)
      return [
        {
          Project: project,
          AnchorId: row.AnchorId,
          SubtopicId: place.subtopic,
          TopicId: place.topic,
          ThemeId: place.theme,
          Version: version,
        },
      ]
    })
    if (rows.length > 0) await db.insertRows('anchor_topics', rows, { token: `${project}/${version}/reconcile/${after}` })
    if (page.length < pageSize) break
  }
  const known = await readKnownTopics(db, project)
  const gone = [...known.values()].filter(({ row }) => row.State === 'active' && !kept.has(row.TopicId))
  const retired = gone.map(({ row }) => ({ ...row, State: 'retired' as const, RedirectTo: mostFrequent(moved.get(row.TopicId)), Mass: 0 }))
  await publishTopics(db, project, version, retired)
}

function isSame(row: Row, place: Place): boolean {
  return row.SubtopicId === String(place.subtopic) && row.TopicId === String(place.topic) && row.ThemeId === String(place.theme)
}

function count(moved: Map<bigint, Map<bigint, number>>, from: bigint, to: bigint): void {
  const targets = moved.get(from) ?? new Map<bigint, number>()
  moved.set(from, targets.set(to, (targets.get(to) ?? 0) + 1))
}

function mostFrequent(targets: ReadonlyMap<bigint, number> | undefined): bigint {
  return [...(targets ?? [])].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0n
}
