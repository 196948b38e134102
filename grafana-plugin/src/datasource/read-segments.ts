/** A panel's segment filters. */
import type { Query } from '../api/types.ts'

/** `plan=pro,free&country=DE` → the API's `segment.plan`, `segment.country` */
export function readSegments(text: string): Query {
  return Object.fromEntries([...new URLSearchParams(text)].map(([field, values]) => [`segment.${field}`, values.split(',')]))
}
