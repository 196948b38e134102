/** With k-anonymity: which rows of the journeys' lists enough people share. */
import { type QueryContext, ask } from './context.ts'
import type { Pieces } from './sql.ts'

/** A row of one of the lists of `crowd_journeys.sql`. */
export interface PathRow {
  readonly List: string
  readonly Place: number
  readonly FromTopic: string | null
  readonly ToTopic: string | null
  readonly Cycle: readonly string[]
}

/** The column `Person` of a session, where it is asked for: the first user that it names. */
export const person = ',\n                    arrayFirst(user -> user != 0, TurnUsers) AS Person'

/** @param pieces and params of `journeys.sql`, with `person` */
export async function querySharedPaths(
  context: QueryContext,
  pieces: Pieces,
  params: Readonly<Record<string, unknown>>,
): Promise<(row: PathRow) => boolean> {
  if (context.minUsers === 0) return () => true
  const rows = await ask<PathRow>(context, 'crowd_journeys', { ...pieces, below: String(context.minUsers - 1) }, params)
  const shared = new Set(rows.map(keyOf))
  return (row) => shared.has(keyOf(row))
}

function keyOf({ List, Place, FromTopic, ToTopic, Cycle }: PathRow): string {
  return List === 'cycle' ? `cycle ${Cycle.join(' ')}` : `${List} ${Place} ${FromTopic} ${ToTopic}`
}
