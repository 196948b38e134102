/** Checks that filters name fields that exist, so that a misspelt one is a fault and not an empty answer. */
import { suggest } from '../config/suggest.ts'
import type { Filters } from './contract/common.ts'
import { type QueryContext, ask } from './context.ts'
import { readFields } from './fields.ts'
import { toConditions } from './filters.ts'
import { type Fault, toInvalidRequest } from './query-error.ts'

const mostNamed = 30 // known fields that a fault lists

/** @throws QueryError that names the known fields */
export async function checkFields(context: QueryContext, query: unknown): Promise<void> {
  const used = [...usedFields(query as Filters, ''), ...sidesOf(query)]
  if (used.length === 0) return
  const known = new Set((await readFields(context)).keys())
  if (used.some(({ field }) => !known.has(field))) {
    // A field that no one has classified yet may still be filtered by.
    const { where, params } = toConditions({}, 'topic', context, { everyDimension: true })
    for (const { Field } of await ask<{ Field: string }>(context, 'field_counts', { where, shared: '1' }, params)) known.add(Field)
  }
  const names = context.minUsers === 0 ? [...known].sort() : [] // one person's field may be named for them
  const faults = used
    .filter(({ field }) => !known.has(field))
    .map(({ path, field }): Fault => {
      const near = suggest(field, names)
      const list = names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? ', …' : '')
      return {
        path,
        message: `unknown field${near === undefined ? '' : `, did you mean ${near}`}; ${context.minUsers === 0 ? `known fields are ${list || 'none yet'}` : 'GET /segments lists the known ones'}`,
      }
    })
  if (faults.length > 0) throw toInvalidRequest(faults)
}

function usedFields(filters: Partial<Filters>, prefix: string): { path: string; field: string }[] {
  const of = (kind: string, fields: object | undefined) =>
    Object.keys(fields ?? {}).map((field) => ({ path: `${prefix}${kind}.${field}`, field }))
  return [...of('segment', filters.segments), ...of('range', filters.ranges)]
}

function sidesOf(query: unknown): { path: string; field: string }[] {
  const { a, b } = query as { a?: Filters; b?: Filters }
  return [...(a && typeof a === 'object' ? usedFields(a, 'a.') : []), ...(b && typeof b === 'object' ? usedFields(b, 'b.') : [])]
}
