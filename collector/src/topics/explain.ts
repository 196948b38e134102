/** Why texts are in their topics: what lies nearest to them, and how it votes. */
import type { Clusterer } from '../cluster/clusterer.ts'
import type { Embedder } from '../embed/embedder.ts'
import type { Explanation } from './protocol.ts'
import type { Samples } from './samples.ts'

/** What an explanation looks into. */
export interface Explained {
  readonly embedder: Embedder
  readonly clusterer: Clusterer
  /** Texts of anchors that may be shown; none are where no texts are kept. */
  readonly samples: Samples
  readonly signal: AbortSignal
}

/** One explanation per text. @throws EmbedError when the provider fails */
export async function explainTexts(texts: readonly string[], { embedder, clusterer, samples, signal }: Explained): Promise<Explanation[]> {
  const vectors = await embedder.embed(texts, { signal })
  return texts.map((_text, row) => {
    const { nearest, votes } = clusterer.explain(vectors.data.subarray(row * vectors.cols, (row + 1) * vectors.cols))
    return {
      similarity: nearest[0]?.similarity ?? 0,
      secondTopicId: votes[1]?.topic ?? 0n,
      secondShare: votes[1]?.share ?? 0,
      nearest: nearest.flatMap(({ anchorId, similarity, topic }) => {
        const [example] = samples.of(anchorId, similarity)
        return example === undefined ? [] : [{ text: example.text, similarity, topicId: topic }]
      }),
    }
  })
}

/** Of a text while its topics are in another vector space. */
export const unexplained: Explanation = { similarity: 0, secondTopicId: 0n, secondShare: 0, nearest: [] }
