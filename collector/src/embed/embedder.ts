/** The contract of every embedding provider: texts in, unit vectors out. */
import type { Matrix } from '../cluster/matrix.ts'

/** Turns texts into vectors whose cosine says how alike the texts are. */
export interface Embedder {
  /** Names the vector space: provider, model, revision, pooling, dimensions. Vectors of different ids are never compared. */
  readonly id: string
  /** Width of a row. */
  readonly dimensions: number
  /**
   * Embeds texts.
   * @param texts any strings, in any number
   * @returns shape (texts.length, dimensions), row i belongs to text i: length 1, or all zero for a text it knows nothing of
   * @throws EmbedError when the provider fails; `retryable` says whether another try may help
   */
  embed(texts: readonly string[], options?: { signal?: AbortSignal }): Promise<Matrix>
  /** Share of a text's letters that it knows, 0…1; 0 without letters. Absent where that cannot be said. */
  knownShare?(text: string): number
  /** Frees what the provider holds. Safe twice. */
  close(): Promise<void>
}
