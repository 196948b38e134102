// An error as ClickHouse tells it: number, name and text, and the HTTP status its own server gives for it.

export const errorCodes = {
  badArguments: [36, 'BAD_ARGUMENTS'],
  notImplemented: [48, 'NOT_IMPLEMENTED'],
  syntaxError: [62, 'SYNTAX_ERROR'],
  cannotOpenFile: [76, 'CANNOT_OPEN_FILE'],
  unknownSetting: [115, 'UNKNOWN_SETTING'],
  queryIsTooLarge: [191, 'QUERY_IS_TOO_LARGE'],
  requiredPassword: [194, 'REQUIRED_PASSWORD'],
  tooManyQueries: [202, 'TOO_MANY_SIMULTANEOUS_QUERIES'],
  tooManyBytes: [307, 'TOO_MANY_BYTES'],
  queryCancelled: [394, 'QUERY_WAS_CANCELLED'],
  authenticationFailed: [516, 'AUTHENTICATION_FAILED'],
  badRequestParameter: [569, 'BAD_REQUEST_PARAMETER'],
  aborted: [236, 'ABORTED'],
  unknownException: [1002, 'UNKNOWN_EXCEPTION'],
} as const satisfies Record<string, readonly [number, string]>

// Source: exceptionCodeToHTTPStatus in ClickHouse's src/Server/HTTP. Every other code is 500.
const statusByCode: ReadonlyMap<number, number> = new Map([
  ...[6, 25, 26, 27, 38, 41, 53, 62, 72, 117].map((code) => [code, 400] as const),
  ...[46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 133].map((code) => [code, 404] as const),
  [191, 413],
  [307, 413],
  [194, 401],
  [192, 403],
  [193, 403],
  [516, 403],
  [48, 501],
  [209, 503],
])

/** An error with a ClickHouse code; its message has ClickHouse's form `Code: 60. DB::Exception: … (UNKNOWN_TABLE)`. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: number
  readonly type: string

  constructor([code, type]: readonly [number, string], text: string, options?: ErrorOptions) {
    super(`Code: ${code}. DB::Exception: ${text} (${type})`, options)
    this.code = code
    this.type = type
  }

  /** HTTP status, 400…503. */
  get status(): number {
    return statusByCode.get(this.code) ?? 500
  }
}

/** Whatever was thrown, as an {@link EngineError}: the engine's own text is read back, anything else is UNKNOWN_EXCEPTION. */
export function toEngineError(cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const found = /^Code: (\d+)\. DB::Exception: ([^]*?)\s*\(([A-Z][A-Z0-9_]+)\)\s*$/.exec(message)
  if (found === null) return new EngineError(errorCodes.unknownException, message, { cause })
  return new EngineError([Number(found[1]), found[3]!], found[2]!, { cause })
}
