/** What the gateway refuses, told as ClickHouse tells it, so that its clients show it. */

const kinds = {
  syntax: [62, 'SYNTAX_ERROR', 400],
  unknownDatabase: [81, 'UNKNOWN_DATABASE', 404],
  tooLarge: [191, 'QUERY_IS_TOO_LARGE', 413],
  unauthenticated: [194, 'REQUIRED_PASSWORD', 401],
  wrongKey: [516, 'AUTHENTICATION_FAILED', 403],
  denied: [497, 'ACCESS_DENIED', 403],
  busy: [202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 503],
  unsupported: [48, 'NOT_IMPLEMENTED', 501],
  unreachable: [210, 'NETWORK_ERROR', 503],
} as const satisfies Record<string, readonly [code: number, name: string, status: number]>

export type GatewayErrorKind = keyof typeof kinds

/** Its message is ClickHouse's: `Code: 497. DB::Exception: … (ACCESS_DENIED)`. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly kind: GatewayErrorKind
  readonly code: number
  /** HTTP status, 400…503. */
  readonly status: number

  constructor(kind: GatewayErrorKind, text: string, options?: ErrorOptions) {
    const [code, name, status] = kinds[kind]
    super(`Code: ${code}. DB::Exception: ${text} (${name})`, options)
    this.kind = kind
    this.code = code
    this.status = status
  }
}

/** For what a query may not do. */
export function denied(text: string): GatewayError {
  return new GatewayError('denied', text)
}
