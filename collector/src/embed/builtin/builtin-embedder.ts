/** The builtin provider: a text is the mean of its pieces' rows. No native code, no download, no network. */
import { setImmediate } from 'node:timers/promises'
import { createMatrix, type Matrix } from '../../cluster/matrix.ts'
import type { Embedder } from '../embedder.ts'
import { readTable, shippedTable, type Table } from './table.ts'
import { splitWords, WordPiece } from './word-piece.ts'

/** An embedder that can also say how much of a text it understands. */
export interface BuiltinEmbedder extends Embedder {
  /**
   * Share of a text's letters and digits that stand in words the table was trained on: high for English, low for another language.
   * @returns 0…1; 0 for a text without letters and digits
   */
  knownShare(text: string): number
}

const textsPerTurn = 1000 // about 10 ms: then other work may have its turn on the thread
const commonlySeen = 3 // ⌊log₂(1 + n)⌋ of a piece the training corpus holds at least 7 times
const lettersAndDigits = /[\p{L}\p{N}]/u

/**
 * Loads a table: about 50 ms and 30 MB for the shipped one.
 * @param options.directory a table made by `tools/static-embedding`; default: the shipped one
 * @throws EmbedError if the table's files are missing or do not fit together
 */
export function createBuiltinEmbedder(options: { directory?: string } = {}): BuiltinEmbedder {
  const table = readTable(options.directory ?? shippedTable)
  const wordPiece = new WordPiece(table.vocabulary)
  return {
    id: `builtin:${table.revision}`,
    dimensions: table.dimensions,
    async embed(texts, { signal } = {}): Promise<Matrix> {
      const vectors = createMatrix(texts.length, table.dimensions)
      const sum = new Float64Array(table.dimensions)
      for (const [row, text] of texts.entries()) {
        if (row % textsPerTurn === 0) {
          if (row > 0) await setImmediate()
          signal?.throwIfAborted()
        }
        embedText(text, wordPiece, table, sum, vectors.data.subarray(row * table.dimensions, (row + 1) * table.dimensions))
      }
      return vectors
    },
    knownShare: (text) => knownShare(text, wordPiece, table.seen),
    close: () => Promise.resolve(),
  }
}

/** Writes a text's unit vector to `target`, which is all zero before and stays so for a text without a known piece. */
function embedText(text: string, wordPiece: WordPiece, table: Table, sum: Float64Array, target: Float32Array): void {
  const ids: number[] = []
  for (const word of splitWords(text)) ids.push(...wordPiece.encodeWord(word))
  sum.fill(0)
  for (let i = 0; i < ids.length; i += 2) addRows(sum, table, ids[i]!, ids[i + 1])
  const length = norm(sum)
  if (length === 0) return

  const scale = 1 / length
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! * scale - table.mean[i]!
  const centredLength = norm(sum)
  if (centredLength === 0) return

  const centredScale = 1 / centredLength
  for (let i = 0; i < sum.length; i++) target[i] = sum[i]! * centredScale
}

/** Adds two rows, or one, to the sum. Two rows in one pass, four numbers in one step: together over three times as fast. */
function addRows(sum: Float64Array, { rows, scales }: Table, first: number, second: number | undefined): void {
  const firstScale = scales[first]!
  const secondScale = second === undefined ? 0 : scales[second]!
  let j = first * sum.length
  let k = (second ?? first) * sum.length
  for (let i = 0; i < sum.length; i += 4, j += 4, k += 4) {
    sum[i]! += firstScale * rows[j]! + secondScale * rows[k]!
    sum[i + 1]! += firstScale * rows[j + 1]! + secondScale * rows[k + 1]!
    sum[i + 2]! += firstScale * rows[j + 2]! + secondScale * rows[k + 2]!
    sum[i + 3]! += firstScale * rows[j + 3]! + secondScale * rows[k + 3]!
  }
}

/** Length of a vector; two sums at a time, because one would wait for itself. */
function norm(vector: Float64Array): number {
  let even = 0
  let odd = 0
  for (let i = 0; i < vector.length; i += 2) {
    even += vector[i]! * vector[i]!
    odd += vector[i + 1]! * vector[i + 1]!
  }
  return Math.sqrt(even + odd)
}

/** Only whole words count: every language's letters can be pieced together from an English vocabulary. */
function knownShare(text: string, wordPiece: WordPiece, seen: Uint8Array): number {
  let known = 0
  let all = 0
  for (const word of splitWords(text)) {
    if (!lettersAndDigits.test(word)) continue
    const ids = wordPiece.encodeWord(word)
    all += word.length
    if (ids.length === 1 && seen[ids[0]!]! >= commonlySeen) known += word.length
  }
  return all === 0 ? 0 : known / all
}
