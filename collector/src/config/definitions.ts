/** Every component that a Turret configuration can name. */
import type { ComponentDefinition } from './component.ts'
import { apiKeys } from './components/api-keys.ts'
import { batch } from './components/batch.ts'
import { clickhouseExporter } from './components/clickhouse-exporter.ts'
import { clickhouseGateway } from './components/clickhouse-gateway.ts'
import { debugExporter } from './components/debug-exporter.ts'
import { healthCheck } from './components/health-check.ts'
import { memoryLimiter } from './components/memory-limiter.ts'
import { otlpHttpExporter } from './components/otlp-http-exporter.ts'
import { otelTracesReceiver } from './components/otel-traces-receiver.ts'
import { otlpReceiver } from './components/otlp-receiver.ts'
import { queryApi } from './components/query-api.ts'
import { redaction } from './components/redaction.ts'
import { topicsConnector } from './components/topics-connector.ts'
import { trackReceiver } from './components/track-receiver.ts'

export const definitions: readonly ComponentDefinition<unknown>[] = [
  otlpReceiver,
  trackReceiver,
  otelTracesReceiver,
  memoryLimiter,
  batch,
  redaction,
  clickhouseExporter,
  otlpHttpExporter,
  debugExporter,
  topicsConnector,
  healthCheck,
  apiKeys,
  queryApi,
  clickhouseGateway,
]
