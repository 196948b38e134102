/** Totals of what a filter selects. */
import type { Total } from './contract/common.ts'
import { type QueryContext, ask } from './context.ts'
import { type Conditions, turnPieces } from './filters.ts'

interface TotalsRow {
  readonly Events: number
  readonly Sessions: number
  readonly Users: number
}

export const nothing: Total = { events: 0, sessions: 0, users: 0 }

export async function queryTotals(context: QueryContext, conditions: Conditions): Promise<Total> {
  const [row] = await ask<TotalsRow>(
    context,
    'totals',
    turnPieces(conditions, { topicsPick: 'turns', arrays: ['Users'] }),
    conditions.params,
  )
  return row === undefined ? nothing : { events: row.Events, sessions: row.Sessions, users: row.Users }
}
