/** From a session's name to the trace id that all its events share. */
import { createHash } from 'node:crypto'

const namespace = 'turret.session:' // other users of SHA-256 over the same names get other ids
const nilTraceId = '0'.repeat(32)

/**
 * The trace id of a session. A UUID, with or without dashes, is its own 32 digits; any other name is hashed.
 * @param sessionId the session as the application names it, not empty
 * @returns 32 lower-case hex digits, never all zero: an all-zero trace id is invalid (W3C Trace Context §3.2.2.3)
 */
export function sessionToTraceId(sessionId: string): string {
  if (isUuid(sessionId)) {
    const digits = sessionId.replaceAll('-', '').toLowerCase()
    if (digits !== nilTraceId) return digits
  }
  const digits = createHash('sha256').update(namespace).update(sessionId).digest('hex').slice(0, 32)
  return digits === nilTraceId ? digits.replace(/0$/u, '1') : digits
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/iu.test(text)
}
