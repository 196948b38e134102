/** Labelled texts with their vectors and ids, as the collector would see them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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

/** Where vectors come from. */
export interface VectorSource {
  readonly embedder: Embedder
  /** Directory where a slow embedder's vectors are kept, one file `<set>.f32` with a row of float32 per text. */
  readonly cache?: string
}

/** @returns undefined where the set's texts are not there */
export async function readEmbeddedTexts(name: string, source: VectorSource): Promise<EmbeddedTexts | undefined> {
  const data = readLabelledTexts(name)
  if (data === undefined) return undefined
  const vectors = await embed(name, data.texts, source)
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

async function embed(name: string, texts: readonly string[], { embedder, cache }: VectorSource): Promise<Matrix> {
  if (cache === undefined) return embedder.embed(texts)
  const path = join(cache, `${name}.f32`)
  if (!existsSync(path)) {
    const { data } = await embedder.embed(texts)
    mkdirSync(cache, { recursive: true })
    writeFileSync(path, Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  }
  return readVectors(path, texts.length)
}

function readVectors(path: string, rows: number): Matrix {
  const bytes = readFileSync(path)
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  if (data.length % rows !== 0) throw new RangeError(`${path}: expected a multiple of ${rows} float32 numbers, got ${data.length}`)
  return { data, rows, cols: data.length / rows }
}
