/** The hot path behind the redactor: what comes in is redacted before anything looks at it. */
import { CollectorError } from '../errors.ts'
import type { Ingest } from '../receive/ingest.ts'
import { WireError } from '../wire/reader.ts'
import type { Redactor } from './redactor.ts'

/** Both methods throw as `ingest` does; malformed bytes are INVALID_REQUEST here already. */
export function redactingIngest(ingest: Ingest, redactor: Redactor): Ingest {
  return {
    traces: async (project, body) =>
      ingest.traces(
        project,
        decoding(() => redactor.traces(body)),
      ),
    logs: async (project, body) =>
      ingest.logs(
        project,
        decoding(() => redactor.logs(body)),
      ),
  }
}

function decoding(redact: () => Buffer): Buffer {
  try {
    return redact()
  } catch (error) {
    if (error instanceof WireError) throw new CollectorError('INVALID_REQUEST', `the body is not an OTLP request: ${error.message}`)
    throw error
  }
}
