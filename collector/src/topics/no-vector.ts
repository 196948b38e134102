/** Texts that can have no topic: the embedding knows nothing of them, or its provider refuses them for good. */
import type { ClickHouse } from '@turret/clickhouse'

/**
 * Similarity of such a text, in place of a cosine: it has an anchor of its own, which no clusterer knows, so it is unclustered and waits for
 * nothing, until another embedding looks at it.
 */
export const noVectorSimilarity = -2

/** Why a text has no vector: the provider answered with none, would not take the text, or came too late for one that is not kept. */
export type NoVectorReason = 'unknown' | 'refused' | 'not_kept'

/** Makes a project's texts without a vector wait again: another embedding may have one. */
export async function waitAgain(db: ClickHouse, project: string): Promise<void> {
  await db.command(
    `INSERT INTO events SELECT * REPLACE (0 AS AnchorId, 0 AS Similarity, Version + 1 AS Version)
     FROM (SELECT * FROM events FINAL WHERE Project = {project: String} AND Similarity = {noVector: Float32})`,
    { params: { project, noVector: noVectorSimilarity } },
  )
}
