/** Labelled texts with their vectors and ids, as the collector would see them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Embedder } from '../../src/embed/embedder.ts'
import type { Matrix } from '../../src/cluster/matrix.ts'
import { createRandom, randomOrder } from '../../src/cluster/random.ts'
import { readLabelledTexts } from '../quality/labelled-texts.ts'

export interface EmbeddedTexts {
  readonly name: string
  readonly vectors: Matrix
  /** True class per row, 0… */
  readonly labels: Int32Array
  /** Equal for equal texts. */
  readonly ids: BigUint64Array
}

/** Where vectors come from: an embedder, or a directory of files `<set>.f32` with a row of float32 per text. */
export type VectorSource = { readonly embedder: Embedder } | { readonly directory: string }

/** @returns undefined where the set's texts are not there */
export async function readEmbeddedTexts(name: string, source: VectorSource): Promise<EmbeddedTexts | undefined> {
  const data = readLabelledTexts(name)
  if (data === undefined) return undefined
  const vectors =
    'embedder' in source ? await source.embedder.embed(data.texts) : readVectors(join(source.directory, `${name}.f32`), data.texts.length)
  const known = new Map<string, bigint>()
  const ids = BigUint64Array.from(data.texts, (text) => {
    const id = known.get(text) ?? BigInt.asUintN(64, BigInt(known.size + 1) * 0x9e3779b97f4a7c15n)
    known.set(text, id)
    return id
  })
  return { name, vectors, labels: data.labels, ids }
}

/** `count` different rows in random order. */
export function randomRows(rows: number, count: number, seed: number): Int32Array {
  return randomOrder(rows, createRandom(seed)).subarray(0, count)
}

/** The same rows with all of one class before the next; classes in random order. */
export function byClass(rows: Int32Array, labels: Int32Array, seed: number): Int32Array {
  const rank = randomOrder(Math.max(...labels) + 1, createRandom(seed, 1))
  return rows.slice().sort((a, b) => rank[labels[a]!]! - rank[labels[b]!]!)
}

function readVectors(path: string, rows: number): Matrix {
  const bytes = readFileSync(path)
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  if (data.length % rows !== 0) throw new RangeError(`${path}: expected a multiple of ${rows} float32 numbers, got ${data.length}`)
  return { data, rows, cols: data.length / rows }
}
