/** From a query string to the input of a route's schema, with every fault named. */
import { z } from 'zod'
import { suggest } from '../config/suggest.ts'
import { splitList } from './contract/common.ts'
import { type Fault, toInvalidRequest } from './query-error.ts'

type Shape = Readonly<Record<string, z.ZodType>>

/** The sides of a comparison: objects whose keys stand in the query string behind `a.` and `b.`. */
const sides = ['a', 'b']

/**
 * @param schema an object; its keys `segments` and `ranges` are filled from `segment.<field>` and `range.<field>`
 * @throws QueryError with all faults: unknown parameters as well as wrong values
 */
export function parseQuery(schema: z.ZodType, search: URLSearchParams): unknown {
  const faults: Fault[] = []
  const input = toInput(shapeOf(schema), search, '', faults)
  const parsed = schema.safeParse(input)
  if (!parsed.success) faults.push(...parsed.error.issues.map(toFault))
  if (faults.length > 0) throw toInvalidRequest(faults)
  return parsed.data
}

/** @throws QueryError with all faults of a JSON body */
export function parseBody(schema: z.ZodType, body: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (cause) {
    throw toInvalidRequest([{ path: 'body', message: `expected JSON: ${cause instanceof Error ? cause.message : String(cause)}` }])
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success)
    throw toInvalidRequest(parsed.error.issues.map((issue) => ({ ...toFault(issue), path: issue.path.join('.') || 'body' })))
  return parsed.data
}

export function shapeOf(schema: z.ZodType): Shape {
  return schema instanceof z.ZodObject ? schema.shape : {}
}

function toInput(shape: Shape, search: URLSearchParams, prefix: string, faults: Fault[]): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  const segments: Record<string, string[]> = {}
  const ranges: Record<string, unknown> = {}
  for (const key of new Set(search.keys())) {
    if (!key.startsWith(prefix)) continue
    const name = key.slice(prefix.length)
    const values = search.getAll(key)
    const [, group, rest] = /^([^.]+)\.(.+)$/s.exec(name) ?? []
    if (group === 'segment' && rest !== undefined && 'segments' in shape)
      segments[rest] = splitList(values.length === 1 ? values[0]! : values)
    else if (group === 'range' && rest !== undefined && 'ranges' in shape) ranges[rest] = parseRange(values, key, faults)
    else if (group !== undefined && prefix === '' && sides.includes(group) && group in shape) continue
    else if (isPlain(name, shape, prefix)) input[name] = values.length === 1 ? values[0] : values
    else faults.push({ path: key, message: unknownParameter(name, shape, prefix) })
  }
  if (Object.keys(segments).length > 0) input['segments'] = segments
  if (Object.keys(ranges).length > 0) input['ranges'] = ranges
  if (prefix === '') for (const side of sides) if (side in shape) input[side] = toInput(shapeOf(shape[side]!), search, `${side}.`, faults)
  return input
}

function isPlain(name: string, shape: Shape, prefix: string): boolean {
  return (
    Object.hasOwn(shape, name) &&
    name !== 'segments' &&
    name !== 'ranges' &&
    !(prefix === '' && sides.includes(name) && shapeOf(shape[name]!) !== undefined && shape[name] instanceof z.ZodObject)
  )
}

function unknownParameter(name: string, shape: Shape, prefix: string): string {
  const known = Object.keys(shape).map((key) => (key === 'segments' ? 'segment.<field>' : key === 'ranges' ? 'range.<field>' : key))
  const near = suggest(name, known)
  return `unknown parameter${near === undefined ? '' : `, did you mean ${prefix}${near}`}; known are ${known.map((key) => prefix + key).join(', ') || 'none'}`
}

/** `min..max`; either end may be empty. */
function parseRange(values: readonly string[], path: string, faults: Fault[]): { min?: number; max?: number } {
  const ends = values.length === 1 ? /^([^.]*(?:\.[^.]+)?)\.\.(.*)$/s.exec(values[0]!) : null
  const [min, max] = (ends?.slice(1) ?? []).map((end) => (end === '' ? undefined : Number(end)))
  if (ends === null || Number.isNaN(min) || Number.isNaN(max) || (min === undefined && max === undefined)) {
    faults.push({ path, message: `expected min..max, such as 1..5, 1.. or ..5, got "${values.join(',').slice(0, 100)}"` })
    return {}
  }
  if (min !== undefined && max !== undefined && min > max) faults.push({ path, message: `expected min ≤ max, got ${min}..${max}` })
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

function toFault(issue: z.core.$ZodIssue): Fault {
  const path = issue.path
    .map(String)
    .join('.')
    .replace(/(^|\.)segments\./, '$1segment.')
    .replace(/(^|\.)ranges\./, '$1range.')
  return { path, message: issue.message }
}
