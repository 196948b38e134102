/** Assignments of messages, put together and completed. */
import { setImmediate as nextTask } from 'node:timers/promises'
import type { Assigned } from '../cluster/assign.ts'
import type { EmbeddedMessages } from './embed-messages.ts'
import { noVectorSimilarity } from './no-vector.ts'
import type { ArrivedMessage, AssignedMessages } from './protocol.ts'

const sliceSize = 50 // messages between two looks at the deadline: some 20 ms with the builtin table

/** What became of messages; a text without a vector is its own anchor. */
export function toAssigned(
  { textHashes, ids }: Pick<EmbeddedMessages, 'textHashes' | 'ids'>,
  { anchorIds, topics, similarities, outlierScores }: Assigned,
): AssignedMessages {
  const hasVector = (i: number): boolean => anchorIds[i] !== 0n || textHashes[i] === 0n
  return {
    textHashes,
    anchorIds: anchorIds.map((id, i) => (hasVector(i) ? id : ids[i]!)),
    topicIds: topics,
    similarities: similarities.map((similarity, i) => (hasVector(i) ? similarity : noVectorSimilarity)),
    outlierScores,
  }
}

/**
 * Assigns messages in slices; one that would end after the deadline, as long as the last one took, is not begun. Between two, other questions
 * are answered.
 * @param deadline Unix ms
 * @returns undefined when no message was reached
 * @throws what the first slice throws; what a later one throws is met again by whoever assigns the rest
 */
export async function assignUntil(
  deadline: number,
  messages: readonly ArrivedMessage[],
  assign: (slice: readonly ArrivedMessage[]) => Promise<AssignedMessages>,
): Promise<AssignedMessages | undefined> {
  const parts: AssignedMessages[] = []
  let sliceMs = 0
  for (let first = 0; first < messages.length && Date.now() + sliceMs <= deadline; first += sliceSize) {
    const startedAt = Date.now()
    try {
      parts.push(await assign(messages.slice(first, first + sliceSize)))
    } catch (error) {
      if (parts.length === 0) throw error
      break
    }
    sliceMs = Date.now() - startedAt
    await nextTask()
  }
  return parts.length === 0 ? undefined : joinAssigned(parts)
}

/** One behind the other. */
function joinAssigned(parts: readonly AssignedMessages[]): AssignedMessages {
  return {
    textHashes: joinIds(parts.map((part) => part.textHashes)),
    anchorIds: joinIds(parts.map((part) => part.anchorIds)),
    topicIds: joinIds(parts.map((part) => part.topicIds)),
    similarities: joinNumbers(parts.map((part) => part.similarities)),
    outlierScores: joinNumbers(parts.map((part) => part.outlierScores)),
  }
}

function joinIds(parts: readonly BigUint64Array[]): BigUint64Array {
  return BigUint64Array.from(parts.flatMap((part) => [...part]))
}

function joinNumbers(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]))
}
