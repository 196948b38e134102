/** Remembers the vectors of recent texts: users repeat themselves, and a call of a model costs. */
import { createMatrix } from '../cluster/matrix.ts'
import type { Embedder } from './embedder.ts'
import { hashText } from './text-hash.ts'

/**
 * Wraps an embedder with a cache of the most recently used texts; equal texts of one call reach the provider once.
 * @param entries most texts kept, each dimensions × 4 bytes and some 200 bytes more; 0 keeps none
 */
export function withCache(embedder: Embedder, entries: number): Embedder {
  const vectors = new Map<bigint, Float32Array>() // oldest use first

  return {
    id: embedder.id,
    dimensions: embedder.dimensions,
    async embed(texts, options) {
      const hashes = texts.map(hashText)
      const found = new Map<bigint, Float32Array>()
      const missing = new Map<bigint, string>()
      for (const [row, hash] of hashes.entries()) {
        const vector = vectors.get(hash)
        if (vector === undefined) missing.set(hash, texts[row]!)
        else found.set(hash, vector)
      }
      if (missing.size > 0) {
        const { data, cols } = await embedder.embed([...missing.values()], options)
        for (const [row, hash] of [...missing.keys()].entries()) found.set(hash, data.slice(row * cols, (row + 1) * cols))
      }
      for (const [hash, vector] of found) remember(hash, vector)
      const result = createMatrix(texts.length, embedder.dimensions)
      for (const [row, hash] of hashes.entries()) result.data.set(found.get(hash)!, row * embedder.dimensions)
      return result
    },
    close() {
      vectors.clear()
      return embedder.close()
    },
  }

  function remember(hash: bigint, vector: Float32Array): void {
    vectors.delete(hash)
    vectors.set(hash, vector)
    if (vectors.size <= entries) return
    const oldest = vectors.keys().next()
    if (!oldest.done) vectors.delete(oldest.value)
  }
}
