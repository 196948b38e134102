/** Words for a wrong value in an error message. */

/** What a value is, without its content, which may be a user's text or a key. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (value === '') return 'an empty string'
  if (typeof value === 'string' && value.trim() === '') return 'a blank string'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Is this `{…}`, made in whatever realm; not an array, Map, Date or the like? */
export function isPlainObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** Faults for the keys that are not among those allowed, so that a misspelt one is not silently ignored. */
export function unknownKeyFaults(value: object, allowed: readonly string[]): string[] {
  const unknown = Object.keys(value).filter((key) => !allowed.includes(key))
  return unknown.map((key) => `${key}: unknown, expected one of ${allowed.join(', ')}`)
}
