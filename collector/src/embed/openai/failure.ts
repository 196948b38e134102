/** What a failed request means for the caller. */
import { APIConnectionError, APIError, APIUserAbortError } from 'openai'
import { EmbedError } from '../embed-error.ts'

const passingStatuses = new Set([408, 409, 425, 429])
const plainCode = /^[\w.-]{1,64}$/

/**
 * Any failure of a request as an EmbedError. What the server wrote is left out, because it may quote users' texts;
 * its error code is kept where it is a plain word.
 */
export function toEmbedError(error: unknown, timeoutMs: number): EmbedError {
  if (error instanceof EmbedError) return error
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return unavailable(`the embedding server gave no answer within ${timeoutMs} ms, retries included`)
  }
  if (error instanceof APIError && error.status !== undefined) return toStatusError(error.status, error.code)
  if (error instanceof APIConnectionError) return unavailable('the embedding server cannot be reached', error.cause)
  if (error instanceof APIUserAbortError) return unavailable('the request to the embedding server was ended')
  return new EmbedError('EMBED_BAD_ANSWER', 'the embedding server broke off or sent something that is not JSON', { retryable: true })
}

function toStatusError(status: number, code: unknown): EmbedError {
  const suffix = typeof code === 'string' && plainCode.test(code) ? ` (${code})` : ''
  const message = `the embedding server answered with status ${status}${suffix}`
  if (status >= 500 || passingStatuses.has(status)) return unavailable(message)
  return new EmbedError('EMBED_REFUSED', message, { retryable: false })
}

function unavailable(message: string, cause?: unknown): EmbedError {
  return new EmbedError('EMBED_UNAVAILABLE', message, { ...(cause !== undefined && { cause }), retryable: true })
}
