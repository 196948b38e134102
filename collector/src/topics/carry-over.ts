/** Takes a project's topics along into another vector space: the texts that its clusterer stands on, embedded anew. */
import type { ClickHouse } from '@turret/clickhouse'
import type { Clusterer } from '../cluster/clusterer.ts'
import type { Embedder } from '../embed/embedder.ts'

const batchSize = 256 // texts between two looks at the progress: less than a second of most providers

interface Row {
  readonly Anchor: string
  readonly Text: string
}

/** Runs beside the former space, which stays in use meanwhile; after a failure the next call goes on where it was. */
export class CarryOver {
  /** The former space. */
  readonly from: string
  private readonly db: ClickHouse
  private readonly project: string
  private readonly embedder: Embedder
  private readonly vectors = new Map<bigint, Float32Array>()
  private texts: readonly Row[] | undefined
  private done = 0

  constructor(db: ClickHouse, project: string, embedder: Embedder, from: string) {
    this.db = db
    this.project = project
    this.embedder = embedder
    this.from = from
  }

  /** Texts embedded, and in all; 0 of 0 before they were read. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: this.done, total: this.texts?.length ?? 0 }
  }

  /** @throws EmbedError when the provider fails */
  async embedLandmarks(clusterer: Clusterer, signal: AbortSignal): Promise<void> {
    this.texts ??= await readTexts(this.db, this.project, clusterer.landmarkIds())
    while (this.done < this.texts.length) {
      const rows = this.texts.slice(this.done, this.done + batchSize)
      const { data, cols } = await this.embedder.embed(
        rows.map((row) => row.Text),
        { signal },
      )
      for (const [i, { Anchor }] of rows.entries()) this.vectors.set(BigInt(Anchor), data.slice(i * cols, (i + 1) * cols))
      this.done += rows.length
    }
  }

  /** undefined for an anchor whose text is erased or was never kept. */
  vectorOf(anchorId: bigint): Float32Array | undefined {
    return this.vectors.get(anchorId)
  }
}

/** The first text of each anchor that still is there. */
async function readTexts(db: ClickHouse, project: string, anchorIds: BigUint64Array): Promise<Row[]> {
  if (anchorIds.length === 0) return []
  return db.query<Row>(
    // Only numbers of ours stand in this text: it would be too long for a parameter.
    `SELECT toString(AnchorId) AS Anchor, argMin(events.Text, ReceivedAt) AS Text FROM events FINAL
     WHERE Project = {project: String} AND events.Text != '' AND AnchorId IN (${anchorIds.join(',')}) GROUP BY AnchorId`,
    { params: { project }, settings: { max_query_size: 10_000_000 } },
  )
}
