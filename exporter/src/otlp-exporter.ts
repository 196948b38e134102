/** OpenTelemetry's own OTLP/HTTP exporter, set up for Turret and for nothing else. */
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { DeliverySettings } from './options.ts'
import { version } from './version.ts'

/**
 * Makes an exporter that sends JSON, retries 429, 502, 503, 504 and broken connections, and waits as long as Retry-After
 * says where that fits into the timeout. The retries are the library's: 5 at most, after 1 s, 1.5 s, … up to 5 s.
 * @param maxRequests how many requests may be under way at once; the exporter fails the next one
 */
export function createOtlpExporter(settings: DeliverySettings, maxRequests: number): SpanExporter {
  return withoutOtlpVariables(
    () =>
      new OTLPTraceExporter({
        url: settings.tracesUrl,
        headers: { ...settings.headers },
        timeoutMillis: settings.timeoutMs,
        concurrencyLimit: maxRequests,
        compression: settings.compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
        userAgent: `turret-exporter/${version}`,
      }),
  )
}

/** Exports spans, as a promise of the error, undefined when they arrived. Never rejects. */
export async function exportSpans(exporter: SpanExporter, spans: ReadableSpan[]): Promise<Error | undefined> {
  try {
    const result = await new Promise<ExportResult>((resolve) => exporter.export(spans, resolve))
    if (result.code === ExportResultCode.SUCCESS) return undefined
    return result.error ?? new Error('the export failed')
  } catch (error) {
    return error instanceof Error ? error : new Error('the export failed')
  }
}

/**
 * Runs `create` while OTEL_EXPORTER_OTLP_* is out of sight. Those variables belong to the application's own exporter, and
 * the library would add their headers, often another vendor's key, to ours.
 */
function withoutOtlpVariables<T>(create: () => T): T {
  const variables = Object.entries(process.env).filter(([name]) => name.startsWith('OTEL_EXPORTER_OTLP_'))
  for (const [name] of variables) delete process.env[name]
  try {
    return create()
  } finally {
    Object.assign(process.env, Object.fromEntries(variables))
  }
}
