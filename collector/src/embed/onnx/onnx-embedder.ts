/** The provider `onnx`: a sentence model such as bge-small-en-v1.5 on the CPU, one thread. */
import { Tokenizer } from '@huggingface/tokenizers'
import { createMatrix, type Matrix } from '../../cluster/matrix.ts'
import { EmbedError } from '../embed-error.ts'
import type { Embedder } from '../embedder.ts'
import { loadModel, type LoadedModel, type Pooling } from '../models/model-directory.ts'
import { loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.ts'
import { openSentenceModel } from './sentence-model.ts'

export interface OnnxConfig {
  /** A model's directory, made by `turret models import` or `turret models pull`. */
  readonly dir: string
  /** Default: what the model's `turret-model.json` says; another one is refused. */
  readonly pooling?: Pooling | undefined
  /** Tokens of a text that are read, the model's own first and last included. */
  readonly maxTokens: number
  /** Texts of one run of the model. */
  readonly batch: number
}

/** What a test may replace. */
export interface OnnxDeps {
  /** Default: the package `onnxruntime-node`. */
  readonly loadRuntime?: () => Promise<OnnxRuntime>
}

const maxCharactersPerToken = 32 // the tokenizer need not read what `maxTokens` cuts off; no usual token is longer

/**
 * Loads a model.
 * @throws EmbedError if the package or the model is missing, or they do not fit together
 * Quantised models are not batch-invariant: a text's vector varies by about .01 in cosine with its neighbours in the batch.
 */
export async function createOnnxEmbedder(config: OnnxConfig, deps: OnnxDeps = {}): Promise<Embedder> {
  const files = await loadModel(config.dir)
  const { name, pooling, sha256 } = files.manifest
  if (config.pooling !== undefined && config.pooling !== pooling) {
    const message = `embedding.onnx.pooling: the model ${name} needs "${pooling}", got "${config.pooling}"`
    throw new EmbedError('EMBED_MODEL_INVALID', message, { retryable: false })
  }
  const tokenizer = createTokenizer(files)
  const model = await openSentenceModel(await (deps.loadRuntime ?? loadOnnxRuntime)(), files)
  const { cols: dimensions } = await model.run([tokenize(tokenizer, 'a text to learn the width from', config.maxTokens)])
  let closed = false

  return {
    id: `onnx:${name}:${sha256['model.onnx'].slice(0, 12)}:${pooling}:${config.maxTokens}`,
    dimensions,
    async embed(texts, { signal } = {}): Promise<Matrix> {
      signal?.throwIfAborted()
      const vectors = createMatrix(texts.length, dimensions)
      const tokens = texts.map((text) => (text.trim() === '' ? [] : tokenize(tokenizer, text, config.maxTokens)))
      for (const rows of batchesByLength(tokens, config.batch)) {
        signal?.throwIfAborted()
        const { data } = await model.run(rows.map((row) => tokens[row]!))
        for (const [position, row] of rows.entries()) {
          vectors.data.set(data.subarray(position * dimensions, (position + 1) * dimensions), row * dimensions)
        }
      }
      return vectors
    },
    async close(): Promise<void> {
      if (closed) return
      closed = true
      await model.close()
    },
  }
}

function createTokenizer({ files, manifest }: LoadedModel): Tokenizer {
  try {
    return new Tokenizer(JSON.parse(Buffer.from(files['tokenizer.json']).toString('utf8')) as object, {})
  } catch (cause) {
    const message = `the tokenizer.json of the model ${manifest.name} is not one`
    throw new EmbedError('EMBED_MODEL_INVALID', message, { cause, retryable: false })
  }
}

/** Token ids with the model's own first and last token, at most `maxTokens`. */
function tokenize(tokenizer: Tokenizer, text: string, maxTokens: number): number[] {
  const { ids } = tokenizer.encode(text.slice(0, maxTokens * maxCharactersPerToken))
  return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ids.at(-1)!]
}

/** Row numbers in batches of alike length, so that little is padded; rows without tokens are left out. */
function batchesByLength(tokens: readonly (readonly number[])[], size: number): number[][] {
  const rows = [...tokens.keys()].filter((row) => tokens[row]!.length > 0)
  rows.sort((a, b) => tokens[a]!.length - tokens[b]!.length)
  const batches: number[][] = []
  for (let start = 0; start < rows.length; start += size) batches.push(rows.slice(start, start + size))
  return batches
}
