/** Takes messages in: embeds their texts and asks the clusterer; a text that is said again and again needs neither a vector nor a search. */
import type { Past } from '../cluster/assign.ts'
import type { Clusterer } from '../cluster/clusterer.ts'
import type { Embedder } from '../embed/embedder.ts'
import { hashText } from '../embed/text-hash.ts'
import { toAssigned } from './assigned.ts'
import { embedMessages, textId } from './embed-messages.ts'
import { KnownShare } from './known-share.ts'
import { type NoVectorReason, noVectorSimilarity } from './no-vector.ts'
import type { ArrivedMessage, AssignedMessages } from './protocol.ts'

export interface TakeInOptions {
  readonly project: string
  readonly embedder: Embedder
  /** Texts that got no vector and will get none from this embedder. */
  readonly onNoVector: (reason: NoVectorReason, texts: number) => void
  readonly signal: AbortSignal
}

/** What the search said of a text whose twin was there already. */
interface Figures {
  readonly similarity: number
  readonly outlierScore: number
}

const mostRepeated = 20_000 // texts, some 3 MB: the oldest make room

export class TakeIn {
  readonly knownShare: KnownShare
  private readonly options: TakeInOptions
  /** By text hash; of texts that the clusterer knows. */
  private readonly repeated = new Map<bigint, Figures>()

  constructor(options: TakeInOptions) {
    this.options = options
    this.knownShare = new KnownShare(options.embedder)
  }

  /** @throws EmbedError when the provider fails */
  async add(clusterer: Clusterer, messages: readonly ArrivedMessage[], past?: Past): Promise<AssignedMessages> {
    if (past !== undefined) return this.search(clusterer, messages, past)
    const hashes = messages.map(({ text }) => hashText(text))
    const isRepeat = hashes.map((hash) => this.repeated.has(hash))
    const searched = await this.search(
      clusterer,
      messages.filter((_message, i) => isRepeat[i] === false),
    )
    return searched.textHashes.length === messages.length ? searched : this.fillIn(clusterer, searched, hashes, isRepeat)
  }

  /** Another clusterer comes, or texts are forgotten. */
  forgetRepeated(): void {
    this.repeated.clear()
  }

  private async search(clusterer: Clusterer, messages: readonly ArrivedMessage[], past?: Past): Promise<AssignedMessages> {
    const { embedder, project, signal, onNoVector } = this.options
    const { textHashes, ids, distinct, vectors } = await embedMessages(messages, { embedder, project, signal })
    for (const text of distinct) this.knownShare.add(text)
    const found = clusterer.add(vectors, ids, past)
    const assigned = toAssigned({ textHashes, ids }, found)
    const without = assigned.similarities.filter((similarity) => similarity === noVectorSimilarity).length
    if (without > 0) onNoVector('unknown', without)
    for (const [i, isNew] of found.isNew.entries()) if (isNew === 0 && found.anchorIds[i] !== 0n) this.remember(assigned, i)
    return assigned
  }

  private remember({ textHashes, similarities, outlierScores }: AssignedMessages, i: number): void {
    const hash = textHashes[i]!
    if (this.repeated.has(hash)) return
    if (this.repeated.size === mostRepeated) this.repeated.delete(this.repeated.keys().next().value!)
    this.repeated.set(hash, { similarity: similarities[i]!, outlierScore: outlierScores[i]! })
  }

  /** All messages in their order: the searched ones as they are, and between them those whose texts are known. */
  private fillIn(
    clusterer: Clusterer,
    searched: AssignedMessages,
    hashes: readonly bigint[],
    isRepeat: readonly boolean[],
  ): AssignedMessages {
    const all = createAssigned(hashes)
    let next = 0
    for (const [i, hash] of hashes.entries()) {
      if (isRepeat[i] === false) {
        all.anchorIds[i] = searched.anchorIds[next]!
        all.topicIds[i] = searched.topicIds[next]!
        all.similarities[i] = searched.similarities[next]!
        all.outlierScores[i] = searched.outlierScores[next]!
        next += 1
        continue
      }
      const { anchorId, topic } = clusterer.addAgain(textId(this.options.project, hash))
      const { similarity, outlierScore } = this.repeated.get(hash)!
      all.anchorIds[i] = anchorId
      all.topicIds[i] = topic
      all.similarities[i] = similarity
      all.outlierScores[i] = outlierScore
    }
    return all
  }
}

function createAssigned(hashes: readonly bigint[]): AssignedMessages {
  const { length } = hashes
  return {
    textHashes: BigUint64Array.from(hashes),
    anchorIds: new BigUint64Array(length),
    topicIds: new BigUint64Array(length),
    similarities: new Float32Array(length),
    outlierScores: new Float32Array(length),
  }
}
