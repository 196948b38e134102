/** What has to change in `events` now that more of a trace is known. */
import { foldTrace } from '../extract/fold.ts'
import type { TurnPart } from '../extract/turn-part.ts'
import { type StoredPart, isEvent } from './trace-rows.ts'

/** Rows to write: `part` in the place of its row, or instead of it nothing. */
export interface Change {
  readonly part: StoredPart
  readonly isDeleted: boolean
}

/**
 * Pure, and without effect on a trace that is settled: running it again after a crash changes nothing twice.
 * @param parts everything stored of one trace
 */
export function settleTrace(parts: readonly StoredPart[]): Change[] {
  const turns = foldTrace(parts)
  const openings = new Set(turns.map(({ opening }) => opening))
  const repeats = parts.filter((part) => isEvent(part.row) && !openings.has(part)).map((part) => ({ part, isDeleted: true }))
  const changed = turns.filter(({ opening, merged }) => !isSame(opening, merged))
  const moved = changed.filter(({ opening, merged }) => opening.sessionId !== merged.sessionId)
  return [
    ...repeats,
    // The session is part of the row's key: the row under the old one has to go.
    ...moved.map(({ opening }) => ({ part: opening, isDeleted: true })),
    ...changed.map(({ merged }) => ({ part: merged, isDeleted: false })),
  ]
}

function haveSameFields({ fields: a }: TurnPart, { fields: b }: TurnPart): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

function isSame(a: TurnPart, b: TurnPart): boolean {
  return (
    a.sessionId === b.sessionId &&
    a.sessionSource === b.sessionSource &&
    a.userId === b.userId &&
    a.name === b.name &&
    a.answer === b.answer &&
    a.model === b.model &&
    a.inputTokens === b.inputTokens &&
    a.outputTokens === b.outputTokens &&
    a.cost === b.cost &&
    a.isError === b.isError &&
    a.statusMessage === b.statusMessage &&
    Math.abs(a.latencyMs - b.latencyMs) < 0.001 &&
    a.tools.length === b.tools.length &&
    a.spanIds.length === b.spanIds.length &&
    haveSameFields(a, b)
  )
}
