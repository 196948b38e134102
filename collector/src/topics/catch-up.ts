/** Gives topics to texts that were stored without one: the topics thread was busy, the provider away, or there was none. */
import { randomUUID } from 'node:crypto'
import type { ClickHouse } from '@turret/clickhouse'
import { EmbedError } from '../embed/embed-error.ts'
import type { Embedder } from '../embed/embedder.ts'
import { textId } from './embed-messages.ts'
import { type NoVectorReason, noVectorSimilarity } from './no-vector.ts'
import type { ProjectTopics } from './project-topics.ts'
import { type AnchoredText, type WaitingText, readWaiting, startOfTime, writeAnchors } from './waiting-texts.ts'

export interface CatchUpOptions {
  readonly db: ClickHouse
  readonly project: string
  readonly topics: Pick<ProjectTopics, 'assign'>
  readonly embedder: Embedder
  readonly onNoVector: (reason: NoVectorReason, texts: number) => void
  /** Between two tries of a text that the provider refuses. */
  readonly retryMs?: number
}

const batchSize = 4_000 // reading and writing look at all that waits: with so many at a time they cost little for each
const sliceSize = 500 // texts between two chances for a message that has just arrived
const parts = 4 // a slice of which the provider refuses a text is cut so, until the text is found
const maxTries = 3
const defaultRetryMs = 60_000
const maxRefused = 10_000 // texts whose refusals are counted: of more the oldest begin anew

/** Goes through a project's texts without an anchor, oldest first. */
export class CatchUp {
  private readonly options: CatchUpOptions
  private after = startOfTime
  private readonly refused = new Map<string, { readonly times: number; readonly nextAt: number }>()

  constructor(options: CatchUpOptions) {
    this.options = options
  }

  /**
   * Assigns some thousand texts and writes their events again with a newer version. A text that the provider refuses is passed over; three
   * times refused while others are taken, it is settled as one without a vector.
   * @returns whether there may be more; the next step after `false`, or after an error, begins with the oldest again
   * @throws EmbedError when the provider fails
   */
  async step(): Promise<boolean> {
    const { db, project } = this.options
    const texts = await readWaiting(db, project, { after: this.after, limit: batchSize })
    this.after = startOfTime
    const last = texts.at(-1)
    if (last === undefined) return false
    const anchored: AnchoredText[] = []
    try {
      const due = texts.filter(({ hash }) => (this.refused.get(hash)?.nextAt ?? 0) <= Date.now())
      for (let first = 0; first < due.length; first += sliceSize) {
        if (!(await this.assign(due.slice(first, first + sliceSize), anchored))) return false
      }
    } finally {
      if (anchored.length > 0) await writeAnchors(db, project, anchored)
    }
    this.after = { at: last.at, hash: last.hash }
    return true
  }

  /** @returns false when the topics take nothing in just now */
  private async assign(texts: readonly WaitingText[], anchored: AnchoredText[]): Promise<boolean> {
    try {
      const assigned = await this.options.topics.assign(texts)
      if (assigned === undefined) return false
      for (const [i, { hash }] of texts.entries()) {
        const { anchorIds, topicIds, similarities, outlierScores } = assigned
        const scores = { similarity: similarities[i]!, outlierScore: outlierScores[i]! }
        if (anchorIds[i] === 0n) this.settle(hash, 'not_kept', anchored)
        else anchored.push({ hash, anchorId: anchorIds[i]!, topicId: topicIds[i]!, ...scores })
      }
      return true
    } catch (error) {
      if (!(error instanceof EmbedError) || !(await this.isProviderWell())) throw error
    }
    if (texts.length === 1) {
      this.refuse(texts[0]!, anchored)
      return true
    }
    const size = Math.ceil(texts.length / parts)
    for (let first = 0; first < texts.length; first += size) {
      if (!(await this.assign(texts.slice(first, first + size), anchored))) return false
    }
    return true
  }

  /** Does the provider take a text that nobody could mind? Then it is the others that it minds. Never the same one: answers are cached. */
  private async isProviderWell(): Promise<boolean> {
    return this.options.embedder.embed([`hello ${randomUUID()}`]).then(
      () => true,
      () => false,
    )
  }

  private refuse({ hash }: WaitingText, anchored: AnchoredText[]): void {
    const times = (this.refused.get(hash)?.times ?? 0) + 1
    this.refused.delete(hash)
    if (times === maxTries) {
      this.settle(hash, 'refused', anchored)
      return
    }
    this.refused.set(hash, { times, nextAt: Date.now() + (this.options.retryMs ?? defaultRetryMs) })
    if (this.refused.size > maxRefused) this.refused.delete(this.refused.keys().next().value!)
  }

  private settle(hash: string, reason: NoVectorReason, anchored: AnchoredText[]): void {
    const anchorId = textId(this.options.project, BigInt(hash))
    anchored.push({ hash, anchorId, topicId: 0n, similarity: noVectorSimilarity, outlierScore: 0 })
    this.options.onNoVector(reason, 1)
  }
}
