/** The part of `onnxruntime-node` that is used here. It is an optional peer: loaded when the provider `onnx` is chosen. */
import { EmbedError } from '../embed-error.ts'

export interface Tensor {
  readonly data: unknown
  readonly dims: readonly number[]
}

export interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>
  release(): Promise<void>
}

export interface OnnxRuntime {
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor
  readonly InferenceSession: {
    create(model: Uint8Array, options: { intraOpNumThreads: number; interOpNumThreads: number; logSeverityLevel: 3 }): Promise<Session>
  }
}

const packageName: string = 'onnxruntime-node' // typed as string, so that the compiler does not ask for the optional package

/**
 * Loads `onnxruntime-node`.
 * @throws EmbedError EMBED_MODEL_MISSING with the command that installs it
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  try {
    return (await import(packageName)) as OnnxRuntime
  } catch (cause) {
    // Its install script would download GPU libraries, which a closed network refuses: https://github.com/microsoft/onnxruntime/issues/24770
    const message =
      'the embedding provider "onnx" needs the package onnxruntime-node: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30'
    throw new EmbedError('EMBED_MODEL_MISSING', message, { cause, retryable: false })
  }
}
