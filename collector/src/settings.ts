/** The configuration as the service needs it: which parts run, with which options. */
import { resolve } from 'node:path'
import type { CollectorConfig, ConfiguredComponents } from './config/collector-config.ts'
import type { ComponentKind, ComponentDefinition } from './config/component.ts'
import { type ApiKeysConfig, apiKeys } from './config/components/api-keys.ts'
import { type BatchConfig, batch } from './config/components/batch.ts'
import { type ClickHouseExporterConfig, clickhouseExporter } from './config/components/clickhouse-exporter.ts'
import { type ClickHouseGatewayConfig, clickhouseGateway } from './config/components/clickhouse-gateway.ts'
import type { DebugExporterConfig } from './config/components/debug-exporter.ts'
import { type HealthCheckConfig, healthCheck } from './config/components/health-check.ts'
import { type MemoryLimiterConfig, memoryLimiter } from './config/components/memory-limiter.ts'
import type { OtlpHttpExporterConfig } from './config/components/otlp-http-exporter.ts'
import { type OtelTracesReceiverConfig, otelTracesReceiver } from './config/components/otel-traces-receiver.ts'
import { type OtlpReceiverConfig, otlpReceiver } from './config/components/otlp-receiver.ts'
import { type QueryApiConfig, queryApi } from './config/components/query-api.ts'
import { type RedactionConfig, redaction } from './config/components/redaction.ts'
import { type TopicsConnectorConfig, topicsConnector } from './config/components/topics-connector.ts'
import { type TrackReceiverConfig, trackReceiver } from './config/components/track-receiver.ts'
import { type ExtractOptions, defaultExtractOptions } from './extract/extract-turns.ts'
import type { ForwardSettings } from './forward/create-forwards.ts'
import type { GrpcServerOptions } from './receive/grpc-server.ts'
import type { HttpServerOptions } from './receive/http-server.ts'

/** The components that the pipelines and extensions use; undefined = does not run. */
export interface Settings {
  readonly otlp: OtlpReceiverConfig | undefined
  readonly track: TrackReceiverConfig | undefined
  readonly otelTraces: OtelTracesReceiverConfig | undefined
  readonly memoryLimiter: MemoryLimiterConfig | undefined
  readonly batch: BatchConfig | undefined
  readonly redaction: RedactionConfig | undefined
  readonly clickhouse: ClickHouseExporterConfig
  /** Exporters that get a copy of what is accepted. */
  readonly forwards: readonly ForwardSettings[]
  readonly topics: TopicsConnectorConfig | undefined
  readonly healthCheck: HealthCheckConfig | undefined
  readonly apiKeys: ApiKeysConfig | undefined
  readonly queryApi: QueryApiConfig | undefined
  readonly clickhouseGateway: ClickHouseGatewayConfig | undefined
  /** Spool, dead letters and the embedded database live below it. */
  readonly dataDirectory: string
}

/** @throws Error when the configuration asks for what this collector cannot run */
export function readSettings(config: CollectorConfig): Settings {
  const used = usedComponents(config)
  const pick = <C>(definition: ComponentDefinition<C>): C | undefined => {
    const ids = used[definition.kind].filter((id) => config[definition.kind].get(id)?.type === definition.type)
    if (ids.length > 1) throw new Error(`service: uses ${ids.join(' and ')}, but one collector runs one ${definition.type}`)
    return ids[0] === undefined ? undefined : (config[definition.kind].get(ids[0])!.config as C)
  }
  const clickhouse = pick(clickhouseExporter)
  if (clickhouse === undefined) throw new Error('service::pipelines: no pipeline exports to "clickhouse", so nothing would be stored')
  return {
    otlp: pick(otlpReceiver),
    track: pick(trackReceiver),
    otelTraces: pick(otelTracesReceiver),
    memoryLimiter: pick(memoryLimiter),
    batch: pick(batch),
    redaction: pick(redaction),
    clickhouse,
    forwards: forwardsOf(config),
    topics: pick(topicsConnector),
    healthCheck: pick(healthCheck),
    apiKeys: pick(apiKeys),
    queryApi: pick(queryApi),
    clickhouseGateway: pick(clickhouseGateway),
    dataDirectory: resolve(clickhouse.target.kind === 'embedded' ? clickhouse.target.directory : clickhouse.spool.directory),
  }
}

/** How events are found in spans and logs. */
export function extractOptions({ topics }: Settings): ExtractOptions {
  if (topics === undefined) return defaultExtractOptions
  const { sessionAttributes, userAttributes } = topics.sessions
  return { rules: topics.spans, sessionAttributes, userAttributes, storeContent: topics.storeContent }
}

/** Where the one HTTP port listens. */
export function listenAddress(settings: Settings): { host: string; port: number } {
  const { host, port } = settings.otlp?.protocols.http?.endpoint ?? settings.track?.endpoint ?? { host: '127.0.0.1', port: 4318 }
  return { host: host.replace(/^\[|\]$/g, ''), port }
}

/** Where OTLP/gRPC listens, and how large a message may be; undefined when it does not. */
export function grpcOptions({ otlp }: Settings): Pick<GrpcServerOptions, 'host' | 'port' | 'maxBytes' | 'tls'> | undefined {
  const grpc = otlp?.protocols.grpc
  if (grpc === undefined) return undefined
  const { endpoint, maxRecvMsgSizeMib, tls } = grpc
  return { host: endpoint.host.replace(/^\[|\]$/g, ''), port: endpoint.port, maxBytes: maxRecvMsgSizeMib * 1024 * 1024, tls }
}

/** Can only this machine reach the address? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** What a person reads when the collector refuses to be open to the network. */
export function noKeysMessage(host: string): string {
  return (
    `${host} can be reached from other machines, and there is no API key that would keep strangers out. ` +
    'Either list keys under extensions::api_keys and name api_keys in service::extensions, or start on 127.0.0.1 and run "turret keys create"'
  )
}

const defaultBodyBytes = 20 * 1024 * 1024 // the OpenTelemetry Collector's default
const bodyTimeoutMs = 60_000 // a body that trickles longer holds a connection for nothing

/** The HTTP server's options that come straight from the configuration. */
export function httpOptions(settings: Settings): Pick<HttpServerOptions, 'paths' | 'limits' | 'track' | 'cors' | 'tls'> {
  const http = settings.otlp?.protocols.http
  const cors = http?.cors ?? settings.queryApi?.cors
  return {
    paths: {
      traces: http?.tracesUrlPath ?? '/v1/traces',
      logs: http?.logsUrlPath ?? '/v1/logs',
      metrics: http?.metricsUrlPath ?? '/v1/metrics',
      track: settings.track?.path ?? '/track',
      health: settings.healthCheck?.path ?? '/health',
      api: settings.queryApi?.path ?? '/api/v1',
    },
    limits: { maxBytes: http?.maxRequestBodySizeBytes ?? defaultBodyBytes, timeoutMs: http?.readTimeoutMs || bodyTimeoutMs },
    track: { maxTextBytes: settings.track?.maxTextBytes ?? 131_072, maxBatch: settings.track?.maxBatch ?? 1000 },
    tls: http?.tls,
    cors: cors && { allowedOrigins: cors.allowedOrigins, allowedHeaders: cors.allowedHeaders, maxAgeSeconds: cors.maxAgeSeconds },
  }
}

/** Each exporter but ClickHouse, with the signals of the pipelines that name it. */
function forwardsOf({ exporters, connectors, service }: CollectorConfig): ForwardSettings[] {
  return [...exporters].flatMap(([id, { type, config }]): ForwardSettings[] => {
    const pipelines = [...service.pipelines.values()].filter((pipeline) => pipeline.exporters.includes(id))
    // What a connector emits stays in here: events are no OTLP request that could be sent on.
    const fromReceivers = pipelines.filter((pipeline) => !pipeline.receivers.some((receiver) => connectors.has(receiver)))
    const signals = new Set(fromReceivers.map(({ signal }) => signal))
    if (signals.size === 0) return []
    if (type === 'otlp_http') return [{ id, signals, type, config: config as OtlpHttpExporterConfig }]
    return type === 'debug' ? [{ id, signals, type, config: config as DebugExporterConfig }] : []
  })
}

/** Ids of the components that run, by kind; what is configured and not used stays off, as in the Collector. */
function usedComponents(config: CollectorConfig): Record<ComponentKind, string[]> {
  const pipelines = [...config.service.pipelines.values()]
  const named = (ids: readonly string[], among: ConfiguredComponents): string[] => [...new Set(ids)].filter((id) => among.has(id))
  const ends = pipelines.flatMap((pipeline) => [...pipeline.receivers, ...pipeline.exporters])
  return {
    receivers: named(ends, config.receivers),
    exporters: named(ends, config.exporters),
    connectors: named(ends, config.connectors),
    processors: named(
      pipelines.flatMap((pipeline) => pipeline.processors),
      config.processors,
    ),
    extensions: named(config.service.extensions, config.extensions),
  }
}
