/** What every OTLP receiver does with a request, whatever the transport: take it in, charge it, count it. */
import type { Caller } from '../keys/keys.ts'
import type { Metrics } from '../telemetry.ts'
import type { Ingest } from './ingest.ts'

export type OtlpSignal = 'traces' | 'logs' | 'metrics'

/** What the sender is told: how many of its items were refused, and why. */
export interface OtlpAnswer {
  readonly rejected: number
  readonly reasons: readonly string[]
}

export interface OtlpIntakeOptions {
  readonly ingest: Ingest
  readonly metrics: Metrics
  /** Told what each acknowledged request brought: spans or log records, and the events among them. */
  readonly charge: (caller: Caller, items: number, events: number) => void
}

/** @param startedAt of `performance.now()`, when the request's first byte came */
export type OtlpIntake = (
  signal: OtlpSignal,
  body: Buffer,
  from: { caller: Caller; transport: 'http' | 'grpc'; startedAt: number },
) => Promise<OtlpAnswer>

/** Its calls throw the CollectorErrors of the ingest; a resolved one is on disk. Metrics are accepted and dropped. */
export function createOtlpIntake({ ingest, metrics, charge }: OtlpIntakeOptions): OtlpIntake {
  return async (signal, body, { caller, transport, startedAt }) => {
    if (signal === 'metrics') {
      metrics.droppedMetrics.inc()
      return { rejected: 0, reasons: [] }
    }
    const { accepted, rejected, reasons, events, faults } = await ingest[signal](caller.project, body)
    charge(caller, accepted, events)
    const labels = { receiver: 'otlp', transport }
    const [taken, refused] =
      signal === 'traces' ? [metrics.acceptedSpans, metrics.refusedSpans] : [metrics.acceptedLogs, metrics.refusedLogs]
    taken.inc(labels, accepted)
    if (rejected > 0) refused.inc(labels, rejected)
    if (events > 0) metrics.acceptedEvents.inc({ receiver: 'otlp' }, events)
    if (faults > 0) metrics.extractFaults.inc(faults)
    metrics.requests.inc({ receiver: 'otlp', outcome: 'success' })
    metrics.acknowledgeSeconds.observe((performance.now() - startedAt) / 1000)
    return { rejected, reasons }
  }
}
