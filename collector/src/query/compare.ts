import type { z } from 'zod'
import type { CompareAnswer, compareQuery } from './contract/segments.ts'
import type { QueryContext } from './context.ts'
export function queryCompare(_context: QueryContext, _query: z.output<typeof compareQuery>): Promise<CompareAnswer> {
  throw new Error('not yet')
}
