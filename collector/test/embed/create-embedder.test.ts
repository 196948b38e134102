import { describe, expect, it } from 'vitest'
import { createEmbedder, type EmbeddingConfig } from '../../src/embed/create-embedder.ts'

const config: EmbeddingConfig = {
  provider: 'builtin',
  onnx: { dir: '/nowhere', maxTokens: 128, batch: 16 },
  openai: { baseUrl: 'http://127.0.0.1:9/v1', apiKey: '', model: 'some-model', dimensions: 512 },
  cache: { entries: 100 },
}

describe('createEmbedder', () => {
  it('makes the builtin provider, which needs nothing', async () => {
    const embedder = await createEmbedder(config)

    expect(embedder.id).toMatch(/^builtin:[0-9a-f]{12}$/)
    expect(embedder.dimensions).toBe(256)
  })

  it('makes the openai provider without connecting', async () => {
    const embedder = await createEmbedder({ ...config, provider: 'openai' })

    expect(embedder).toMatchObject({ id: 'openai:some-model:512', dimensions: 512 })
  })

  it('fails at once when the onnx model is not there', async () => {
    await expect(createEmbedder({ ...config, provider: 'onnx' })).rejects.toMatchObject({ code: 'EMBED_MODEL_MISSING' })
  })
})
