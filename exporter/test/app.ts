/** An application with OpenTelemetry of its own: a NodeSDK that keeps its spans in memory. */
import { context, metrics, propagation, trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { InMemorySpanExporter, type ReadableSpan, type Sampler, SimpleSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace'

export interface App {
  /** The spans that the application itself exported. */
  spans(): ReadableSpan[]
  stop(): Promise<void>
}

export function startApp({ sampler, processors = [] }: { sampler?: Sampler; processors?: SpanProcessor[] } = {}): App {
  const exporter = new InMemorySpanExporter()
  const sdk = new NodeSDK({
    serviceName: 'shop-assistant',
    spanProcessors: [new SimpleSpanProcessor({ exporter }), ...processors],
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
