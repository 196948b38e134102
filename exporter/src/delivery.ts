/** Sends finished spans to Turret in the background: in batches, bounded, retried, and never at the application's cost. */
import { TraceFlags, diag } from '@opentelemetry/api'
import { ExportResultCode } from '@opentelemetry/core'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'
import { LossReport } from './loss-report.ts'
import type { DeliverySettings } from './options.ts'
import { createOtlpExporter, exportSpans } from './otlp-exporter.ts'

const maxBatchSize = 200 // of the longest texts that track() sends, this many stay below the usual 20 MiB of a request
const maxWaitingChars = 64 * 1024 * 1024 // a GenAI span repeats its whole conversation: the number of spans alone is no limit
const payloadTooLarge = 413

/** The end of a span's way through the application. Made by `track()`'s provider and by the span processor. */
export class Delivery implements SpanProcessor {
  readonly #settings: DeliverySettings
  readonly #exporter: SpanExporter
  readonly #batches: BatchSpanProcessor
  readonly #losses: LossReport
  readonly #sending = new Set<Promise<void>>()
  readonly #onBeforeExit = (): void => void (this.#waiting > 0 && this.forceFlush())
  #waiting = 0
  #waitingChars = 0
  #stopped: Promise<void> | undefined

  constructor(settings: DeliverySettings) {
    this.#settings = settings
    this.#losses = new LossReport(settings.tracesUrl)
    this.#exporter = createOtlpExporter(settings, Math.ceil(settings.maxQueueSize / maxBatchSize) + 1)
    this.#batches = new BatchSpanProcessor({
      exporter: {
        export: (spans, done) => this.#export(spans, () => done({ code: ExportResultCode.SUCCESS })),
        shutdown: () => Promise.resolve(),
      },
      scheduledDelayMillis: settings.flushIntervalMs,
      maxExportBatchSize: Math.min(maxBatchSize, settings.maxQueueSize),
      maxQueueSize: settings.maxQueueSize,
      exportTimeoutMillis: 2 * settings.timeoutMs, // the exporter keeps its own time; this only guards against one that never answers
    })
    if (settings.flushAtExit) process.on('beforeExit', this.#onBeforeExit)
  }

  onStart(): void {}

  /** Takes a span; drops and counts it when too many are waiting or after `shutdown`. Never throws. */
  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return
    const chars = countChars(span)
    if (this.#stopped) return this.#losses.add(1, 'they came after shutdown')
    if (this.#waiting >= this.#settings.maxQueueSize || this.#waitingChars + chars > maxWaitingChars)
      return this.#losses.add(1, 'too many were waiting')
    this.#waiting += 1
    this.#waitingChars += chars
    this.#batches.onEnd(span)
  }

  /** Resolves when everything taken so far has been sent or given up. Never rejects: losses go to the diag logger. */
  async forceFlush(): Promise<void> {
    await this.#batches.forceFlush().catch((error: unknown) => diag.warn('Turret: flush gave up waiting:', toReason(error)))
    await Promise.all(this.#sending)
  }

  /** Sends what is waiting, then takes no more. Safe to call twice; never rejects. */
  shutdown(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    process.off('beforeExit', this.#onBeforeExit)
    await this.forceFlush()
    await this.#batches.shutdown()
    await this.#exporter.shutdown()
    this.#losses.tell()
  }

  #export(spans: ReadableSpan[], done: () => void): void {
    const sending = this.#send(spans).finally(() => {
      this.#sending.delete(sending)
      done()
    })
    this.#sending.add(sending)
  }

  /** Sends a batch, halved as often as the server finds it too large. */
  async #send(spans: ReadableSpan[]): Promise<void> {
    const error = await exportSpans(this.#exporter, spans)
    if (error && statusOf(error) === payloadTooLarge && spans.length > 1) {
      const half = Math.ceil(spans.length / 2)
      await this.#send(spans.slice(0, half))
      await this.#send(spans.slice(half))
      return
    }
    this.#waiting -= spans.length
    this.#waitingChars -= spans.reduce((sum, span) => sum + countChars(span), 0)
    if (error) this.#losses.add(spans.length, toReason(error))
    else this.#losses.tellIfDue()
  }
}

/** Length of a span's texts, in UTF-16 units. */
function countChars(span: ReadableSpan): number {
  let chars = 0
  for (const value of Object.values(span.attributes)) if (typeof value === 'string') chars += value.length
  return chars
}

function statusOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined
}

/** Why an export failed: an HTTP status or the network's words. The answer's body is left out, since it may quote the request. */
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  const status = statusOf(error)
  if (typeof status === 'number') return `HTTP ${status} ${error.message}`
  return error.message || String(status) // a refused connection to both IPv4 and IPv6 has a code and no message
}
