/** Keeps secrets out of what is printed. */
import { type Field, isFieldPath } from './fields.ts'

const redacted = '[REDACTED]'

/** A copy of a component's body with its secret values hidden, and the credentials of every URL. */
export function redactSecrets(body: unknown, fields: readonly Field[], path: readonly PropertyKey[] = []): unknown {
  if (Array.isArray(body)) return body.map((item, index) => redactSecrets(item, fields, [...path, index]))
  if (typeof body === 'object' && body !== null) {
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, redactSecrets(value, fields, [...path, key])]))
  }
  const secret = fields.some((field) => field.secret && isFieldPath(field, path))
  if (secret && body !== null && body !== '') return redacted
  return typeof body === 'string' ? redactUrls(body) : body
}

/** A line of a source with what looks like a secret hidden; references to variables stay. */
export function redactLine(line: string): string {
  const secretValue = /((?:key|secret|passw\w*|token|credentials?|authorization|headers)["']?\s*:\s*)(?!\$\{)(\S.*)$/i
  return redactUrls(line.replace(secretValue, `$1${redacted}`))
}

/** A text with the credentials of URLs hidden. */
export function redactUrls(text: string): string {
  return text.replaceAll(/(:\/\/)[^/\s"]*@/g, `$1${redacted}@`)
}
