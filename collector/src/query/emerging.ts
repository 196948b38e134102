import type { z } from 'zod'
import type { emergingAnswer, emergingQuery } from './contract/segments.ts'
import type { QueryContext } from './context.ts'
export function queryEmerging(_context: QueryContext, _query: z.output<typeof emergingQuery>): Promise<z.infer<typeof emergingAnswer>> {
  throw new Error('not yet')
}
