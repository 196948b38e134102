/** The filters that every page shares. They stand in the page's URL under the query API's own names. */
import { dateMath } from '@grafana/data'
import type { Level, Query } from '../api/types.ts'

export const defaultFrom = 'now-7d'
export const defaultTo = 'now'
const defaultLevel: Level = 'topic'
const levels: readonly string[] = ['subtopic', 'topic', 'theme'] satisfies Level[]

const listNames = ['name', 'user_id', 'session_id', 'topic_id'] as const
const segmentPrefix = 'segment.'
const rangePrefix = 'range.'

/** One active filter, as a pill shows it: parameter of the URL, and the value that it picks. */
export interface ActiveFilter {
  readonly param: string
  readonly value: string
}

export function readLevel(params: URLSearchParams): Level {
  const level = params.get('level')
  return level !== null && levels.includes(level) ? (level as Level) : defaultLevel
}

/** Filters other than time and level, in the order of the URL. `side` 'b' reads the second side of a comparison. */
export function readFilters(params: URLSearchParams, side: Side = 'a'): ActiveFilter[] {
  const prefix = side === 'b' ? 'b.' : ''
  return [...params.entries()].flatMap(([name, value]) => {
    const bare = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    return isFilter(bare) ? [{ param: name, value }] : []
  })
}

/** Side a of a comparison is the page's own filters; side b stands in the URL with the prefix `b.`. */
export type Side = 'a' | 'b'

/** A filter's name without the side: `b.segment.plan` → `segment.plan`. */
export function bareName(param: string): string {
  return param.startsWith('b.') ? param.slice(2) : param
}

/** The field that a segment or range filter is about: `segment.plan` → `plan`. */
export function fieldOf(param: string): string {
  const bare = bareName(param)
  const prefix = [segmentPrefix, rangePrefix].find((start) => bare.startsWith(start))
  return prefix === undefined ? bare : bare.slice(prefix.length)
}

/** Everything the query API needs to know of the URL: time, level and filters. */
export function toApiQuery(params: URLSearchParams): Query {
  return { ...toSideQuery(params, 'a'), level: readLevel(params) }
}

/** Time and filters of one side, without the side's prefix. A side without a time of its own has the page's. */
export function toSideQuery(params: URLSearchParams, side: Side): Record<string, string | string[]> {
  const own = (name: string) => (side === 'b' ? params.get(`b.${name}`) : null) ?? params.get(name)
  const query: Record<string, string | string[]> = {
    from: toApiTime(own('from') ?? defaultFrom, 'start'),
    to: toApiTime(own('to') ?? defaultTo, 'end'),
  }
  for (const { param, value } of readFilters(params, side)) {
    const name = bareName(param)
    const values = query[name]
    query[name] = name === 'dimension' || name.startsWith(rangePrefix) ? value : [...(Array.isArray(values) ? values : []), value]
  }
  return query
}

/** Grafana writes times as `now-7d/d`, milliseconds or RFC 3339; the API takes `now-7d` and RFC 3339. */
export function toApiTime(text: string, edge: 'start' | 'end'): string {
  if (/^now(-\d{1,6}[smhdwMy])?$/.test(text)) {
    return text
  }
  const time = /^\d+$/.test(text) ? new Date(Number(text)) : dateMath.toDateTime(text, { roundUp: edge === 'end' })?.toDate()
  return time === undefined || Number.isNaN(time.getTime()) ? (edge === 'start' ? defaultFrom : defaultTo) : time.toISOString()
}

function isFilter(name: string): boolean {
  return listNames.some((list) => list === name) || name === 'dimension' || name.startsWith(segmentPrefix) || name.startsWith(rangePrefix)
}
