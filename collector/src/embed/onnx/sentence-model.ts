/** A sentence model in memory: token ids in, one unit vector per text out. */
import { createMatrix, type Matrix } from '../../cluster/matrix.ts'
import { EmbedError } from '../embed-error.ts'
import type { LoadedModel, Pooling } from '../models/model-directory.ts'
import { writeUnitRow } from '../unit-row.ts'
import type { OnnxRuntime, Session, Tensor } from './onnx-runtime.ts'

/** Opened once, closed once. */
export interface SentenceModel {
  /**
   * Runs the model on a batch.
   * @param rows token ids of each text, with the model's own first and last token
   * @returns unit vectors, shape (rows.length, the model's width)
   * @throws EmbedError EMBED_BAD_ANSWER if a number is not finite
   */
  run(rows: readonly (readonly number[])[]): Promise<Matrix>
  close(): Promise<void>
}

/** @throws EmbedError EMBED_MODEL_INVALID if the runtime cannot open the model */
export async function openSentenceModel(runtime: OnnxRuntime, { files, manifest }: LoadedModel): Promise<SentenceModel> {
  const session = await openSession(runtime, files['model.onnx'], manifest.name)
  return {
    async run(rows) {
      const width = Math.max(...rows.map((row) => row.length))
      const outputs = await session.run(toFeeds(runtime, session.inputNames, rows, width))
      return poolOutput(outputs[session.outputNames[0] ?? ''], rows, width, manifest.pooling)
    },
    close: () => session.release(),
  }
}

async function openSession(runtime: OnnxRuntime, model: Uint8Array, name: string): Promise<Session> {
  try {
    // More threads gain nothing on short texts, and the collector has other work for them.
    return await runtime.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 })
  } catch (cause) {
    throw invalid(`the model ${name} cannot be opened by onnxruntime-node`, cause)
  }
}

/** The inputs of a BERT-like model, padded to `width`. */
function toFeeds(
  runtime: OnnxRuntime,
  inputNames: readonly string[],
  rows: readonly (readonly number[])[],
  width: number,
): Record<string, Tensor> {
  const ids = new BigInt64Array(rows.length * width)
  const mask = new BigInt64Array(rows.length * width)
  for (const [row, tokens] of rows.entries()) {
    for (const [position, token] of tokens.entries()) {
      ids[row * width + position] = BigInt(token)
      mask[row * width + position] = 1n
    }
  }
  const inputs = new Map([
    ['input_ids', ids],
    ['attention_mask', mask],
    ['token_type_ids', new BigInt64Array(ids.length)],
  ])
  const feeds: Record<string, Tensor> = {}
  for (const name of inputNames) {
    const data = inputs.get(name)
    if (data === undefined) throw invalid(`the model asks for an input "${name}"; known are ${[...inputs.keys()].join(', ')}`)
    feeds[name] = new runtime.Tensor('int64', data, [rows.length, width])
  }
  return feeds
}

function poolOutput(output: Tensor | undefined, rows: readonly (readonly number[])[], width: number, pooling: Pooling): Matrix {
  const dimensions = output?.dims[2]
  if (dimensions === undefined || !(output?.data instanceof Float32Array)) {
    throw invalid('the first output of the model is not a float32 vector per token')
  }
  const vectors = createMatrix(rows.length, dimensions)
  for (const [row, tokens] of rows.entries()) {
    const states = output.data.subarray(row * width * dimensions, (row + 1) * width * dimensions)
    const pooled = poolRow(states, tokens.length, dimensions, pooling)
    if (!writeUnitRow(pooled, vectors.data.subarray(row * dimensions, (row + 1) * dimensions))) {
      throw new EmbedError('EMBED_BAD_ANSWER', 'the model gave a vector with a number that is not finite', { retryable: false })
    }
  }
  return vectors
}

/**
 * Pools the token vectors of one text.
 * @param states shape (width, dimensions), row-major; the first `tokens` rows belong to the text, the rest is padding
 * @returns length `dimensions`, not normalised
 */
function poolRow(states: Float32Array, tokens: number, dimensions: number, pooling: Pooling): Float32Array {
  if (pooling === 'cls') return states.subarray(0, dimensions)

  const mean = new Float32Array(dimensions)
  for (let token = 0; token < tokens; token++) {
    for (let i = 0; i < dimensions; i++) mean[i]! += states[token * dimensions + i]! / tokens
  }
  return mean
}

function invalid(message: string, cause?: unknown): EmbedError {
  return new EmbedError('EMBED_MODEL_INVALID', message, { cause, retryable: false })
}
