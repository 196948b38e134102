/** Checks an embeddings answer before any of its numbers is used. */
import { z } from 'zod'
import type { Matrix } from '../../cluster/matrix.ts'
import { EmbedError } from '../embed-error.ts'
import { writeUnitRow } from '../unit-row.ts'
import type { OutgoingText } from './batches.ts'

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })), // z.number() takes no NaN and no infinity
})

/**
 * Writes the vectors of a batch to their rows, each brought to length 1.
 * @param answer whatever the server sent
 * @throws EmbedError EMBED_BAD_ANSWER unless it holds exactly one finite vector of the right width per text
 */
export function writeAnswer(answer: unknown, batch: readonly OutgoingText[], vectors: Matrix): void {
  const parsed = answerSchema.safeParse(answer)
  if (!parsed.success) throw badAnswer('is no list of finite vectors; is base_url right?', true)

  const { data } = parsed.data
  if (data.length !== batch.length || new Set(data.map(({ index }) => index)).size !== batch.length) {
    throw badAnswer(`holds ${data.length} vectors, some perhaps twice, for ${batch.length} texts`, true)
  }
  for (const { index, embedding } of data) {
    const row = batch[index]?.row
    if (row === undefined) throw badAnswer(`numbers a vector ${index}, for ${batch.length} texts`, true)
    if (embedding.length !== vectors.cols) {
      throw badAnswer(`has ${embedding.length} numbers a vector, embedding.openai.dimensions says ${vectors.cols}`, false)
    }
    const target = vectors.data.subarray(row * vectors.cols, (row + 1) * vectors.cols)
    if (!writeUnitRow(embedding, target)) throw badAnswer('holds a vector of infinite length', true)
  }
}

function badAnswer(what: string, retryable: boolean): EmbedError {
  return new EmbedError('EMBED_BAD_ANSWER', `the embedding server's answer ${what}`, { retryable })
}
