/** The builtin table's files: int8 rows by token id, written by `tools/static-embedding/train.py`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { EmbedError } from '../embed-error.ts'

/** One row per vocabulary piece; the true value of row `id` is `scales[id] × rows[id]`. */
export interface Table {
  /** First digits of the SHA-256 over the digests of all files. */
  readonly revision: string
  /** A multiple of 4: sums go in steps of four. */
  readonly dimensions: number
  readonly vocabulary: readonly string[]
  /** Shape (vocabulary.length, dimensions), row-major. */
  readonly rows: Int8Array
  readonly scales: Float32Array
  /** Length `dimensions`: mean of the training corpus' unit text vectors. */
  readonly mean: Float32Array
  /** Per piece ⌊log₂(1 + n)⌋, n = how often the training corpus holds it. */
  readonly seen: Uint8Array
}

/** The table shipped with the package; the relative path is the same from `src/` and from `dist/`. */
export const shippedTable = fileURLToPath(new URL('../../../models/builtin/', import.meta.url))

const modelSchema = z.object({ revision: z.string(), dimensions: z.int().positive().multipleOf(4) })

/**
 * Reads a table; takes some 30 ms for the shipped one.
 * @param directory holds model.json, vocabulary.txt, rows.i8, scales.f32, mean.f32 (little-endian) and seen.u8
 * @throws EmbedError EMBED_MODEL_MISSING if a file cannot be read, EMBED_MODEL_INVALID if the files do not fit together
 */
export function readTable(directory: string): Table {
  const { revision, dimensions } = parseModel(directory, readFile(directory, 'model.json').toString('utf8'))
  const vocabulary = readFile(directory, 'vocabulary.txt').toString('utf8').trimEnd().split('\n')
  const tokens = vocabulary.length
  return {
    revision,
    dimensions,
    vocabulary,
    rows: new Int8Array(readBytes(directory, 'rows.i8', tokens * dimensions)),
    scales: new Float32Array(readBytes(directory, 'scales.f32', tokens * 4)),
    mean: new Float32Array(readBytes(directory, 'mean.f32', dimensions * 4)),
    seen: new Uint8Array(readBytes(directory, 'seen.u8', tokens)),
  }
}

function parseModel(directory: string, text: string): z.infer<typeof modelSchema> {
  try {
    return modelSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new EmbedError('EMBED_MODEL_INVALID', `${directory}: model.json is not a table's description`, { cause, retryable: false })
  }
}

function readBytes(directory: string, name: string, sizeBytes: number): ArrayBuffer {
  const file = readFile(directory, name)
  if (file.length !== sizeBytes) {
    const message = `${directory}: ${name} has ${file.length} bytes, the vocabulary and model.json ask for ${sizeBytes}`
    throw new EmbedError('EMBED_MODEL_INVALID', message, { retryable: false })
  }
  const bytes = new ArrayBuffer(sizeBytes) // a Buffer may start anywhere in a shared pool, a Float32Array may not
  file.copy(new Uint8Array(bytes))
  return bytes
}

function readFile(directory: string, name: string): Buffer {
  try {
    return readFileSync(join(directory, name))
  } catch (cause) {
    throw new EmbedError('EMBED_MODEL_MISSING', `${directory}: ${name} cannot be read`, { cause, retryable: false })
  }
}
