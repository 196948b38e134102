/** The errors that a sender or operator sees: one table of codes. */

/** HTTP status of each code, and whether the same request may succeed later. */
export const errorCodes = {
  INVALID_REQUEST: { status: 400, retryable: false },
  MISSING_REQUIRED_FIELD: { status: 400, retryable: false },
  INVALID_API_KEY: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  TEXT_TOO_LONG: { status: 413, retryable: false },
  BODY_TOO_LARGE: { status: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false },
  RATE_LIMIT_EXCEEDED: { status: 429, retryable: true },
  INTERNAL: { status: 500, retryable: false },
  SPOOL_FULL: { status: 503, retryable: true },
  MEMORY_LIMIT: { status: 503, retryable: true },
  STORE_UNAVAILABLE: { status: 503, retryable: true },
  SHUTTING_DOWN: { status: 503, retryable: true },
} as const

export type ErrorCode = keyof typeof errorCodes

/** An error with a code, told once where a person can act. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError'
  readonly code: ErrorCode
  /** For retryable errors: seconds after which another try makes sense. */
  readonly retryAfterSeconds: number | undefined

  /** @param message what was wrong, what came, what is allowed; reaches the sender, so never a secret */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryAfterSeconds = options.retryAfterSeconds ?? (errorCodes[code].retryable ? 1 : undefined)
  }

  get status(): number {
    return errorCodes[this.code].status
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable
  }
}

/** Any thrown value as a CollectorError; what is not one already is INTERNAL and keeps its cause. */
export function toCollectorError(error: unknown): CollectorError {
  return error instanceof CollectorError ? error : new CollectorError('INTERNAL', 'internal error', { cause: error })
}
