// What went wrong with ClickHouse, and whether the same request may succeed later.

import { ClickHouseError } from '@clickhouse/client'

export interface ClickHouseFailure {
  /** ClickHouse's error number; undefined if no answer came. */
  readonly code: number | undefined
  /** Its name, `UNKNOWN_TABLE`, or the system's, `ECONNREFUSED`. */
  readonly type: string | undefined
  readonly message: string
  /** True if the data or the statement is not to blame: another try may succeed. */
  readonly retryable: boolean
}

// The state of the server, not the request: ClickHouse's error numbers, with the reason to try again.
const retryableCodes: ReadonlySet<number> = new Set([
  3, // UNEXPECTED_END_OF_FILE: the server went away while it read
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  159, // TIMEOUT_EXCEEDED
  164, // READONLY: a server in maintenance
  198, // DNS_ERROR
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  203, // NO_FREE_CONNECTION
  209, // SOCKET_TIMEOUT
  210, // NETWORK_ERROR
  225, // NO_ZOOKEEPER
  236, // ABORTED: the server is shutting down
  241, // MEMORY_LIMIT_EXCEEDED
  242, // TABLE_IS_READ_ONLY
  243, // NOT_ENOUGH_SPACE
  252, // TOO_MANY_PARTS
  279, // ALL_CONNECTION_TRIES_FAILED
  285, // TOO_FEW_LIVE_REPLICAS
  286, // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  319, // UNKNOWN_STATUS_OF_INSERT: a retry with the same token settles it
  394, // QUERY_WAS_CANCELLED
  425, // SYSTEM_ERROR
  439, // CANNOT_SCHEDULE_TASK
  473, // DEADLOCK_AVOIDED
  999, // KEEPER_EXCEPTION
])

// An error of the way to the server. An abort by the caller is none: who aborted knows whether to go on.
const networkCodes = new Set(
  ['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].concat([
    'ENOTFOUND',
    'EAI_AGAIN',
    'ERR_STREAM_PREMATURE_CLOSE',
    'UND_ERR_SOCKET',
  ]),
)

/** Reads whatever a call to ClickHouse threw. */
export function toClickHouseError(error: unknown): ClickHouseFailure {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ClickHouseError) {
    const code = Number(error.code)
    return { code, type: error.type, message, retryable: retryableCodes.has(code) }
  }
  const type = systemCode(error)
  const isNetwork = (type !== undefined && networkCodes.has(type)) || /\b(timeout error|socket hang up|aborted)\b/i.test(message)
  const isOurAbort = error instanceof Error && (error.name === 'AbortError' || /user aborted/i.test(message))
  return { code: undefined, type, message, retryable: isNetwork && !isOurAbort }
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return systemCode(error.cause)
}
