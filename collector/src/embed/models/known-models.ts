/** The models that were measured and whose files are therefore recognised by their digests. */
import type { ModelFileName, Pooling } from './model-directory.ts'

/** A file on the model hub. */
export interface HubFile {
  /** Path in the hub's repository. */
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface KnownModel {
  readonly name: string
  readonly pooling: Pooling
  readonly license: string
  /** Repository on the model hub, at a fixed revision. */
  readonly repository: string
  readonly revision: string
  readonly files: Readonly<Record<ModelFileName, HubFile>>
}

export const knownModels: readonly KnownModel[] = [
  {
    name: 'bge-small-en-v1.5', // the best measured
    pooling: 'cls', // https://github.com/FlagOpen/FlagEmbedding: mean pooling loses much quality
    license: 'MIT',
    repository: 'Xenova/bge-small-en-v1.5',
    revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3',
    files: {
      'model.onnx': {
        path: 'onnx/model_quantized.onnx',
        sizeBytes: 34_014_426,
        sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
      },
      'tokenizer.json': {
        path: 'tokenizer.json',
        sizeBytes: 711_396,
        sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
      },
    },
  },
  {
    name: 'all-minilm-l6-v2', // about twice as fast
    pooling: 'mean', // https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
    license: 'Apache-2.0',
    repository: 'Xenova/all-MiniLM-L6-v2',
    revision: '751bff37182d3f1213fa05d7196b954e230abad9',
    files: {
      'model.onnx': {
        path: 'onnx/model_quantized.onnx',
        sizeBytes: 22_972_370,
        sha256: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
      },
      'tokenizer.json': {
        path: 'tokenizer.json',
        sizeBytes: 711_661,
        sha256: 'da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0',
      },
    },
  },
]
