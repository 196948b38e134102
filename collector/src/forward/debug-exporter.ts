/** `exporters.debug`: writes what passes to the log, for a look while things are being set up. */
import type { DebugExporterConfig } from '../config/components/debug-exporter.ts'
import { decodeLog } from '../extract/decode-log.ts'
import { decodeSpan } from '../extract/decode-span.ts'
import type { Logger } from '../telemetry.ts'
import { WireReader } from '../wire/reader.ts'
import { createAttributes } from '../wire/value.ts'
import type { Forward } from './forward.ts'

/** `detailed` writes users' texts: the configuration asked for them. */
export function createDebugExporter({ verbosity }: DebugExporterConfig, logger: Logger): Forward {
  return {
    traces(body, spans) {
      logger.info('traces', { requests: 1, spans })
      if (verbosity === 'basic') return
      eachItem(body, (reader, end) => {
        const { name, traceId, spanId, attributes } = decodeSpan(reader, end, createAttributes(), '')
        logger.info('span', { name, traceId, spanId, ...(verbosity === 'detailed' && { attributes }) })
      })
    },
    logs(body, records) {
      logger.info('logs', { requests: 1, records })
      if (verbosity === 'basic') return
      eachItem(body, (reader, end) => {
        const { eventName, traceId, spanId, attributes, body: text } = decodeLog(reader, end, createAttributes(), '')
        logger.info('log record', { eventName, traceId, spanId, ...(verbosity === 'detailed' && { attributes, body: text }) })
      })
    },
  }
}

/** The spans or records of a request: field 2 of field 2 of field 1, in both signals. */
function eachItem(body: Buffer, visit: (reader: WireReader, end: number) => void): void {
  const reader = new WireReader(body)
  const enter = (end: number, wanted: number, next: (end: number) => void): void => {
    while (reader.pos < end) {
      const tag = reader.tag(end)
      if (tag === wanted) next(reader.length(end))
      else reader.skip(tag, end)
    }
  }
  enter(body.length, 10, (resource) => enter(resource, 18, (scope) => enter(scope, 18, (item) => visit(reader, item))))
}
