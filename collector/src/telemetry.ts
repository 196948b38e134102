/** The collector's own logs and metrics. Names follow the OpenTelemetry Collector's where it has one. */
import { pino } from 'pino'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** One line per change of state; never a user's text or key. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  debug(message: string, fields?: Record<string, unknown>): void
}

/** JSON lines on standard error. */
export function createLogger(level: string): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const log = pino(options, pino.destination(2))
  return {
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
    debug: (message, fields) => log.debug(fields ?? {}, message),
  }
}

const repeatMs = 60_000

/** A warning about what is tried again by itself: said once a minute however often it fails, with how often it did. */
export function createRepeatedWarning(
  logger: Pick<Logger, 'warn'>,
  message: string,
  now: () => number = Date.now,
): (error: unknown) => void {
  let saidAt = -Infinity
  let unsaid = 0
  return (error) => {
    unsaid += 1
    if (now() - saidAt < repeatMs) return
    logger.warn(message, { times: unsaid, error: String(error).slice(0, 200) })
    saidAt = now()
    unsaid = 0
  }
}

/** All metrics of one collector, in a registry of its own. */
export class Metrics {
  readonly registry = new Registry()
  readonly acceptedSpans = this.counter('otelcol_receiver_accepted_spans', 'Spans acknowledged', ['receiver', 'transport'])
  readonly refusedSpans = this.counter('otelcol_receiver_refused_spans', 'Spans refused', ['receiver', 'transport'])
  readonly acceptedLogs = this.counter('otelcol_receiver_accepted_log_records', 'Log records acknowledged', ['receiver', 'transport'])
  readonly refusedLogs = this.counter('otelcol_receiver_refused_log_records', 'Log records refused', ['receiver', 'transport'])
  readonly droppedMetrics = this.counter('otelcol_receiver_dropped_metric_requests', 'Metric requests accepted and dropped', [])
  readonly acceptedEvents = this.counter('turret_receiver_accepted_events', 'Events found in acknowledged requests', ['receiver'])
  readonly requests = this.counter('otelcol_receiver_requests', 'Requests by outcome', ['receiver', 'outcome'])
  readonly storedEvents = this.counter('turret_store_events', 'Events written to ClickHouse', [])
  readonly storeRetries = this.counter('turret_store_retries', 'Attempts to store a segment that failed and are made again', [])
  readonly settledRows = this.counter('turret_store_settled_rows', 'Rows that late spans and log records changed in events', [])
  readonly unsettledTraces = this.counter('turret_store_unsettled_traces', 'Traces given up because too many waited to be settled', [])
  readonly deadLetters = this.counter('turret_store_dead_letters', 'Entries that can never be stored', ['cause'])
  readonly tornTails = this.counter('turret_spool_torn_tails', 'Segments whose unfinished tail was cut off at replay', [])
  readonly unassignedTexts = this.counter('turret_topics_unassigned_texts', 'Texts stored without a topic, to be assigned later', [])
  readonly textsWithoutVector = this.counter('turret_topics_texts_without_vector', 'Texts that can have no topic', ['reason'])
  readonly extractFaults = this.counter('turret_extract_faults', 'Candidate spans whose text could not be read', [])
  readonly sent = this.bySignal('otelcol_exporter_sent', 'sent on')
  readonly sendFailed = this.bySignal('otelcol_exporter_send_failed', 'given up after all tries')
  readonly enqueueFailed = this.bySignal('otelcol_exporter_enqueue_failed', 'dropped because the queue was full')
  readonly redactions = this.counter('turret_redaction_matches', 'Texts and attributes that processors::redaction took out', ['rule'])
  readonly acknowledgeSeconds = new Histogram({
    name: 'turret_receiver_acknowledge_seconds',
    help: 'From the first byte of a request to its acknowledgement after fsync',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5],
    registers: [this.registry],
  })
  readonly consolidationSeconds = new Histogram({
    name: 'turret_topics_consolidation_seconds',
    help: 'Duration of a clustering run',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers: [this.registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'otelcol_process_' })
  }

  /** A value that is read whenever somebody looks. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => gauge.set(read()) })
  }

  private bySignal(name: string, what: string): Record<'traces' | 'logs', Counter<'exporter'>> {
    return {
      traces: this.counter(`${name}_spans`, `Spans ${what}`, ['exporter']),
      logs: this.counter(`${name}_log_records`, `Log records ${what}`, ['exporter']),
    }
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] })
  }
}
