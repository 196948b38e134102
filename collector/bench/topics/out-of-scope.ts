/** Does the outlier score tell messages that belong nowhere from the others? */
import { createRandom, randomOrder } from '../../src/cluster/random.ts'
import { areaUnderCurve } from './agreement.ts'
import { Stream } from './stream.ts'
import { type EmbeddedTexts, randomRows } from './texts.ts'

const inScopeMessages = 9000
const farScore = 1.5
const settledAt = 2000 // messages: what is usual must be known first

/** Of the scores that messages got when they came; 0…1 each. */
export interface OutOfScope {
  readonly auc: number
  /** Of the messages with a score of 1.5 or more: share out of scope, share of all out of scope, share of all in scope. */
  readonly precision: number
  readonly recall: number
  readonly inScopeLost: number
}

/** Streams 9000 messages in scope and all of `outside`, mixed; the first 2000 are not judged. */
export function measureOutOfScope(inside: EmbeddedTexts, outside: EmbeddedTexts, seed: number): OutOfScope {
  const mixed = concatenate(inside, randomRows(inside.vectors.rows, inScopeMessages, seed), outside)
  const rows = randomOrder(mixed.vectors.rows, createRandom(seed, 5))
  const stream = new Stream(mixed.vectors.cols)
  stream.add(mixed, rows)

  const { nearness, outlierScores } = stream.arrivals
  const of = (label: number, values: readonly number[]): number[] => values.filter((_, i) => i >= settledAt && stream.truth[i] === label)
  const [farInside, farOutside] = [0, 1].map((label) => of(label, outlierScores).filter((score) => score >= farScore).length) as [
    number,
    number,
  ]
  return {
    auc: areaUnderCurve(of(0, nearness), of(1, nearness)),
    precision: farOutside / (farInside + farOutside),
    recall: farOutside / of(1, outlierScores).length,
    inScopeLost: farInside / of(0, outlierScores).length,
  }
}

/** Label 0 for the first set's chosen rows, 1 for the second set. */
function concatenate(inside: EmbeddedTexts, chosen: Int32Array, outside: EmbeddedTexts): EmbeddedTexts {
  const { cols } = inside.vectors
  const rows = chosen.length + outside.vectors.rows
  const data = new Float32Array(rows * cols)
  chosen.forEach((row, i) => data.set(inside.vectors.data.subarray(row * cols, (row + 1) * cols), i * cols))
  data.set(outside.vectors.data, chosen.length * cols)
  return {
    name: `${inside.name}+${outside.name}`,
    vectors: { data, rows, cols },
    labels: Int32Array.from({ length: rows }, (_, i) => (i < chosen.length ? 0 : 1)),
    ids: BigUint64Array.from({ length: rows }, (_, i) => BigInt(i + 1)),
  }
}
