/** The identity of a turn. */
import { createHash } from 'node:crypto'

/**
 * 32 hex digits, the same for every span that carries the same turn: root, agent step, call, its retries and its tool loop.
 * @param ordinal how many user messages the history holds, this one included
 */
export function turnId(traceId: string, ordinal: number, text: string): string {
  return createHash('sha256').update(`${traceId}\n${ordinal}\n`).update(text).digest('hex').slice(0, 32)
}
