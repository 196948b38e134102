/** Cursors: the place in a list's order where the next page begins, opaque to the client. */
import { toInvalidRequest } from './query-error.ts'

export function toCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/**
 * @param length how many parts a place of this list has
 * @throws QueryError when the text is no cursor of this list
 */
export function parseCursor(cursor: string, length: number): string[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(place) && place.length === length) return place.map(String)
  } catch {
    // Told below, as for a cursor of another list.
  }
  throw toInvalidRequest([{ path: 'cursor', message: 'expected the next_cursor of an earlier answer of this list' }])
}
