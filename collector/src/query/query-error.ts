/** The errors of the query API, each with its HTTP status. */

/** One fault of a request: where, and what is wrong with it. */
export interface Fault {
  /** A query parameter, a path parameter or a place in the body. */
  readonly path: string
  readonly message: string
}

const statuses = {
  INVALID_REQUEST: 400,
  FORBIDDEN: 403,
  TOO_FEW_USERS: 403,
  NOT_FOUND: 404,
  NOT_ACCEPTABLE: 406,
  QUERY_TOO_EXPENSIVE: 422,
  NOT_AVAILABLE: 501,
  STORE_UNAVAILABLE: 503,
  INTERNAL: 500,
} as const

/** An error that is answered to the client as it is. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly code: keyof typeof statuses
  readonly status: (typeof statuses)[keyof typeof statuses]
  readonly faults: readonly Fault[]

  constructor(
    code: keyof typeof statuses,
    message: string,
    options: { readonly cause?: unknown; readonly faults?: readonly Fault[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = statuses[code]
    this.faults = options.faults ?? []
  }

  /** Seconds after which the same request may succeed. */
  get retryAfterSeconds(): number | undefined {
    return this.code === 'STORE_UNAVAILABLE' ? 5 : undefined
  }
}

/** All faults of a request in one error. */
export function toInvalidRequest(faults: readonly Fault[]): QueryError {
  return new QueryError('INVALID_REQUEST', faults.map(({ path, message }) => `${path}: ${message}`).join('; '), { faults })
}
