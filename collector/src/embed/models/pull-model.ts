/** Downloads a known model from the model hub, byte for byte the one that was measured. */
import { EmbedError } from '../embed-error.ts'
import { knownModels, type HubFile, type KnownModel } from './known-models.ts'
import { digest, installModel } from './model-directory.ts'

export interface PullOptions {
  /** Where models live; the model gets a directory of its own in it. */
  readonly modelsDirectory: string
  /** The hub or a mirror of it. */
  readonly baseUrl?: string
  /** Names that can be pulled; a test passes its own. */
  readonly models?: readonly KnownModel[]
  readonly signal?: AbortSignal
}

/**
 * Downloads a model's two files.
 * @returns the model's directory, for `embedding.onnx.dir`
 * @throws EmbedError EMBED_MODEL_MISSING for an unknown name, EMBED_UNAVAILABLE if the hub gives no file, EMBED_BAD_ANSWER if
 * it gives another one
 */
export async function pullModel(name: string, options: PullOptions): Promise<string> {
  const { modelsDirectory, baseUrl = 'https://huggingface.co', models = knownModels, signal } = options
  const model = models.find((known) => known.name === name)
  if (model === undefined) {
    const message = `${JSON.stringify(name)} is no known model; known are ${models.map((known) => known.name).join(', ')}`
    throw new EmbedError('EMBED_MODEL_MISSING', message, { retryable: false })
  }
  const root = `${baseUrl.replace(/\/$/, '')}/${model.repository}/resolve/${model.revision}`
  const files = {
    'model.onnx': await download(root, model.files['model.onnx'], signal),
    'tokenizer.json': await download(root, model.files['tokenizer.json'], signal),
  }
  return installModel(modelsDirectory, { name, pooling: model.pooling, files })
}

async function download(root: string, file: HubFile, signal?: AbortSignal): Promise<Uint8Array> {
  const url = `${root}/${file.path}`
  const bytes = await fetchBytes(url, file.sizeBytes, signal)
  if (bytes.length !== file.sizeBytes || digest(bytes) !== file.sha256) {
    throw new EmbedError('EMBED_BAD_ANSWER', `${url}: this is not the file of SHA-256 ${file.sha256}`, { retryable: false })
  }
  return bytes
}

/** The body of a successful answer, read no further than one chunk past `sizeBytes`. */
async function fetchBytes(url: string, sizeBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal })
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`)

    const chunks: Uint8Array[] = []
    let received = 0
    for await (const chunk of response.body) {
      chunks.push(chunk)
      received += chunk.length
      if (received > sizeBytes) break
    }
    return Buffer.concat(chunks)
  } catch (cause) {
    signal?.throwIfAborted()
    throw new EmbedError('EMBED_UNAVAILABLE', `${url} could not be downloaded`, { cause, retryable: true })
  }
}
