/** Makes the configured exporters that get a copy of what is accepted. */
import type { DebugExporterConfig } from '../config/components/debug-exporter.ts'
import type { OtlpHttpExporterConfig } from '../config/components/otlp-http-exporter.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import { createDebugExporter } from './debug-exporter.ts'
import { type Forward, only, toAll } from './forward.ts'
import { OtlpHttpForwarder } from './otlp-http-forwarder.ts'

/** One exporter that pipelines use. */
export type ForwardSettings = {
  readonly id: string
  /** The signals of those pipelines. */
  readonly signals: ReadonlySet<string>
} & (
  | { readonly type: 'otlp_http'; readonly config: OtlpHttpExporterConfig }
  | { readonly type: 'debug'; readonly config: DebugExporterConfig }
)

export interface Forwards {
  /** Undefined when nothing is forwarded. */
  readonly forward: Forward | undefined
  /** Requests that wait for a destination or are under way. */
  size(): number
  stop(signal: AbortSignal): Promise<void>
}

const flushMs = 3_000 // at stop; a destination that is away must not take the time in which our own data is stored

export function createForwards(settings: readonly ForwardSettings[], { logger, metrics }: { logger: Logger; metrics: Metrics }): Forwards {
  const forwarders: OtlpHttpForwarder[] = []
  const forwards = settings.map((setting) => {
    if (setting.type === 'debug') return only(setting.signals, createDebugExporter(setting.config, logger))
    const forwarder = new OtlpHttpForwarder({ id: setting.id, config: setting.config, logger, metrics })
    forwarders.push(forwarder)
    return only(setting.signals, forwarder)
  })
  return {
    forward: toAll(forwards),
    size: () => forwarders.reduce((sum, { size }) => sum + size, 0),
    async stop(signal) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(flushMs)])
      await Promise.all(forwarders.map((forwarder) => forwarder.stop(within)))
    },
  }
}
