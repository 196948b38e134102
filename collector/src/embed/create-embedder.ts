/** Chooses the embedding provider that the configuration names. */
import { createBuiltinEmbedder } from './builtin/builtin-embedder.ts'
import { withCache } from './cache.ts'
import type { Embedder } from './embedder.ts'
import { createOnnxEmbedder, type OnnxConfig, type OnnxDeps } from './onnx/onnx-embedder.ts'
import type { OpenAiEmbeddingConfig } from './openai/openai-embedder.ts'

/** `connectors.topics.embedding` of the configuration. */
export interface EmbeddingConfig {
  readonly provider: 'builtin' | 'onnx' | 'openai'
  readonly onnx: OnnxConfig
  readonly openai: OpenAiEmbeddingConfig
  /** For the providers whose calls cost; the builtin table needs no cache. */
  readonly cache: { readonly entries: number }
}

/**
 * Makes the configured embedder, ready to use.
 * @throws EmbedError if the provider's package, model or table is missing or damaged
 */
export async function createEmbedder(config: EmbeddingConfig, deps: OnnxDeps = {}): Promise<Embedder> {
  if (config.provider === 'builtin') return createBuiltinEmbedder()

  const embedder = config.provider === 'onnx' ? await createOnnxEmbedder(config.onnx, deps) : await createOpenAi(config.openai)
  return withCache(embedder, config.cache.entries)
}

/** Its client takes a tenth of a second to load. */
async function createOpenAi(config: OpenAiEmbeddingConfig): Promise<Embedder> {
  const { createOpenAiEmbedder } = await import('./openai/openai-embedder.ts')
  return createOpenAiEmbedder(config)
}
