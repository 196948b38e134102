/** `exporters.otlp_http`: sends accepted requests on, byte for byte, from a queue of its own. */
import { setTimeout as delay } from 'node:timers/promises'
import type { OtlpHttpExporterConfig } from '../config/components/otlp-http-exporter.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import type { Forward } from './forward.ts'
import { type Destination, encodeBody, sendOtlp } from './send-otlp.ts'

export interface OtlpHttpForwarderOptions {
  /** The exporter's id in the configuration. */
  readonly id: string
  readonly config: OtlpHttpExporterConfig
  readonly logger: Logger
  readonly metrics: Metrics
}

interface Request {
  readonly signal: 'traces' | 'logs'
  readonly body: Buffer
  /** Spans or log records. */
  readonly items: number
}

const maxQueueBytes = 256 * 1024 * 1024 // whatever the number of requests: one may have 20 MiB

/** A slow or absent destination costs its own queue and nothing else. */
export class OtlpHttpForwarder implements Forward {
  private readonly options: OtlpHttpForwarderOptions
  private readonly queue: Request[] = []
  private readonly consumers = new Set<Promise<void>>()
  private readonly aborter = new AbortController()
  private queueBytes = 0
  private isStopped = false
  private isFailing = false

  constructor(options: OtlpHttpForwarderOptions) {
    this.options = options
  }

  /** Requests that wait or are under way. */
  get size(): number {
    return this.queue.length + this.consumers.size
  }

  traces(body: Buffer, spans: number): void {
    this.enqueue({ signal: 'traces', body, items: spans })
  }

  logs(body: Buffer, records: number): void {
    this.enqueue({ signal: 'logs', body, items: records })
  }

  /** Sends what waits; gives up, and counts what is lost, when `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    this.isStopped = true
    const giveUp = (): void => this.aborter.abort()
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
    while (this.consumers.size > 0) await Promise.all(this.consumers)
    signal.removeEventListener('abort', giveUp)
  }

  private enqueue(request: Request): void {
    const { config, metrics, id } = this.options
    const { enabled, queueSize, numConsumers } = config.sendingQueue
    const limit = enabled ? queueSize : numConsumers - this.consumers.size
    if (this.isStopped || this.queue.length >= limit || this.queueBytes + request.body.length > maxQueueBytes) {
      metrics.enqueueFailed[request.signal].inc({ exporter: id }, request.items)
      this.fail('its queue is full')
      return
    }
    this.queue.push(request)
    this.queueBytes += request.body.length
    if (this.consumers.size >= numConsumers) return
    const consumer: Promise<void> = this.consume().finally(() => this.consumers.delete(consumer))
    this.consumers.add(consumer)
  }

  private async consume(): Promise<void> {
    for (let request = this.queue.shift(); request !== undefined; request = this.queue.shift()) {
      this.queueBytes -= request.body.length
      const reason = await this.send(request)
      const { metrics, id } = this.options
      if (reason === undefined) {
        metrics.sent[request.signal].inc({ exporter: id }, request.items)
        this.recover()
      } else {
        metrics.sendFailed[request.signal].inc({ exporter: id }, request.items)
        this.fail(reason)
      }
    }
  }

  /** @returns why it was given up; undefined when it was sent */
  private async send({ signal: kind, body }: Request): Promise<string | undefined> {
    const { enabled, initialIntervalMs, maxIntervalMs, maxElapsedTimeMs } = this.options.config.retryOnFailure
    const { signal } = this.aborter
    const destination = destinationOf(this.options.config, kind)
    if (destination === undefined) return 'it has no endpoint for this signal'
    const encoded = await encodeBody(body, destination)
    const startedAt = performance.now()
    for (let intervalMs = initialIntervalMs; ; intervalMs = Math.min(maxIntervalMs, intervalMs * 1.5)) {
      const sent = await sendOtlp(encoded, destination, signal)
      if (sent.outcome === 'sent') return undefined
      if (sent.outcome === 'refused' || !enabled || signal.aborted) return sent.reason
      this.warn(sent.reason)
      // Jitter keeps many senders from coming back at once.
      const waitMs = Math.max(sent.retryAfterMs ?? 0, intervalMs * (0.5 + Math.random()))
      if (maxElapsedTimeMs > 0 && performance.now() - startedAt + waitMs > maxElapsedTimeMs) return sent.reason
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return 'the collector stopped'
    }
  }

  private warn(reason: string): void {
    if (!this.isFailing) this.options.logger.warn('forwarding fails, trying again', { exporter: this.options.id, reason })
    this.isFailing = true
  }

  private fail(reason: string): void {
    if (!this.isFailing) this.options.logger.error('forwarding failed, data was dropped', { exporter: this.options.id, reason })
    this.isFailing = true
  }

  private recover(): void {
    if (this.isFailing) this.options.logger.info('forwarding again', { exporter: this.options.id })
    this.isFailing = false
  }
}

function destinationOf(config: OtlpHttpExporterConfig, signal: 'traces' | 'logs'): Destination | undefined {
  const own = signal === 'traces' ? config.tracesEndpoint : config.logsEndpoint
  const url = own ?? (config.endpoint && `${config.endpoint.replace(/\/+$/, '')}/v1/${signal}`)
  return url === undefined ? undefined : { url, headers: config.headers, compression: config.compression, timeoutMs: config.timeoutMs }
}
