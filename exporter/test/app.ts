/** An application with OpenTelemetry of its own: a NodeSDK that keeps its spans in memory. */
import { context, metrics, propagation, trace } from '@opentelemetry/api'
import { NodeSDK, tracing } from '@opentelemetry/sdk-node'

export interface App {
  /** The spans that the application itself exported. */
  spans(): tracing.ReadableSpan[]
  stop(): Promise<void>
}

export function startApp({ sampler, processors = [] }: { sampler?: tracing.Sampler; processors?: tracing.SpanProcessor[] } = {}): App {
  const exporter = new tracing.InMemorySpanExporter()
  const sdk = new NodeSDK({
    serviceName: 'shop-assistant',
    spanProcessors: [new tracing.SimpleSpanProcessor(exporter), ...processors],
    autoDetectResources: false,
    ...(sampler ? { sampler } : {}),
  })
  sdk.start()
  return {
    spans: () => exporter.getFinishedSpans(),
    async stop() {
      await sdk.shutdown()
      for (const api of [trace, context, propagation, metrics]) api.disable()
    },
  }
}
