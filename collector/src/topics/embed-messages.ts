/** From messages to vectors: equal texts reach the embedder once. */
import { type Matrix, createMatrix } from '../cluster/matrix.ts'
import type { Embedder } from '../embed/embedder.ts'
import { hashText } from '../embed/text-hash.ts'
import type { ArrivedMessage } from './protocol.ts'

/** Row i belongs to message i. */
export interface EmbeddedMessages {
  readonly textHashes: BigUint64Array
  /** What the clusterer knows the texts by; 0 for the empty text. */
  readonly ids: BigUint64Array
  readonly vectors: Matrix
  /** Every text once. */
  readonly distinct: readonly string[]
}

/** @throws EmbedError when the provider fails */
export async function embedMessages(
  messages: readonly ArrivedMessage[],
  { embedder, project, signal }: { embedder: Embedder; project: string; signal: AbortSignal },
): Promise<EmbeddedMessages> {
  const textHashes = BigUint64Array.from(messages, ({ text }) => hashText(text))
  const rowOf = new Map<bigint, number>()
  const distinct: string[] = []
  for (const [i, hash] of textHashes.entries()) {
    if (rowOf.has(hash)) continue
    rowOf.set(hash, distinct.length)
    distinct.push(messages[i]!.text)
  }
  const vectors = await embedder.embed(distinct, { signal })
  return { textHashes, ids: textHashes.map((hash) => textId(project, hash)), vectors: spread(vectors, textHashes, rowOf), distinct }
}

/** A text's id: the same for the same text of a project, whoever asks and whatever the embedding. Two leaders agree, and twins stay together. */
export function textId(project: string, textHash: bigint): bigint {
  return textHash === 0n ? 0n : hashText(`${project}\n${textHash.toString(16)}`)
}

/** One row per message from one row per distinct text. */
function spread(vectors: Matrix, textHashes: BigUint64Array, rowOf: ReadonlyMap<bigint, number>): Matrix {
  const { cols } = vectors
  if (vectors.rows === textHashes.length) return vectors
  const all = createMatrix(textHashes.length, cols)
  for (const [i, hash] of textHashes.entries()) {
    const row = rowOf.get(hash)!
    all.data.set(vectors.data.subarray(row * cols, (row + 1) * cols), i * cols)
  }
  return all
}
