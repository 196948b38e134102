/** Totals of what a filter selects. */
import type { Total } from './contract/common.ts'
import { type QueryContext, ask } from './context.ts'
import { type Conditions, eventPieces } from './filters.ts'

interface TotalsRow {
  readonly Events: number
  readonly Sessions: number
  readonly Users: number
}

export const nothing: Total = { events: 0, sessions: 0, users: 0 }

export async function queryTotals(context: QueryContext, conditions: Conditions): Promise<Total> {
  const [row] = await ask<TotalsRow>(context, 'totals', eventPieces(conditions), conditions.params)
  return row === undefined ? nothing : { events: row.Events, sessions: row.Sessions, users: row.Users }
}
