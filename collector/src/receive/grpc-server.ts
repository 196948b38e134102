/** OTLP over gRPC: the same requests as over HTTP, for SDKs whose default it is. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Metadata, Server, ServerCredentials, UntypedServiceImplementation, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js'
import { type CollectorError, toCollectorError } from '../errors.ts'
import type { Caller, Scope } from '../keys/keys.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import { WireWriter } from '../wire/writer.ts'
import { encodeAnswer, grpcCodes } from './otlp-answer.ts'
import type { OtlpIntake, OtlpSignal } from './otlp-intake.ts'
import { type TlsFiles, type TlsPair, readTls, watchTls } from './tls-files.ts'

export interface GrpcServerOptions {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** Of one message, before and after decompression. */
  readonly maxBytes: number
  /** undefined: without TLS. */
  readonly tls: TlsFiles | undefined
  readonly intake: OtlpIntake
  readonly authenticate: (headers: IncomingHttpHeaders, scope: Scope) => Caller
  readonly metrics: Metrics
  readonly logger: Logger
}

type Grpc = typeof import('@grpc/grpc-js')
type Call = ServerUnaryCall<Buffer, Buffer>

/** Source: opentelemetry-proto collector/<signal>/v1/<signal>_service.proto. */
const services: readonly [OtlpSignal, string][] = [
  ['traces', '/opentelemetry.proto.collector.trace.v1.TraceService/Export'],
  ['logs', '/opentelemetry.proto.collector.logs.v1.LogsService/Export'],
  ['metrics', '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export'],
]

/** Serves until `stop`. The library is loaded when it is needed, and not before. */
export class GrpcServer {
  private readonly options: GrpcServerOptions
  private server: Server | undefined

  constructor(options: GrpcServerOptions) {
    this.options = options
  }

  /**
   * @returns the port that clients use
   * @throws Error when the address is taken, or certificate and key cannot be used
   */
  async start(): Promise<number> {
    const { host, port, maxBytes } = this.options
    const grpc = await import('@grpc/grpc-js')
    grpc.setLogVerbosity(grpc.logVerbosity.NONE) // what it has to say reaches us as errors
    const server = new grpc.Server({ 'grpc.max_receive_message_length': maxBytes })
    for (const [signal, path] of services) server.addService(definitionOf(path), this.implementationOf(grpc, signal))
    this.server = server
    const credentials = this.credentials(grpc)
    return new Promise((resolve, reject) => {
      const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
      server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)))
    })
  }

  /** Takes no new calls, lets running ones finish until `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    const { server } = this
    if (server === undefined) return
    const cut = (): void => server.forceShutdown()
    signal.addEventListener('abort', cut, { once: true })
    if (signal.aborted) cut()
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
    signal.removeEventListener('abort', cut)
  }

  /** A renewed certificate is taken into use as over HTTPS. */
  private credentials({ ServerCredentials, experimental }: Grpc): ServerCredentials {
    const { tls, logger } = this.options
    if (tls === undefined) return ServerCredentials.createInsecure()
    const first = readTls(tls)
    const watches = new Map<unknown, () => void>()
    const nothing = (): void => undefined // clients need no certificate
    return experimental.createCertificateProviderServerCredentials(
      {
        addCaCertificateListener: nothing,
        removeCaCertificateListener: nothing,
        addIdentityCertificateListener(listener) {
          const tell = ({ cert, key }: TlsPair): void => listener({ certificate: cert, privateKey: key })
          queueMicrotask(() => tell(first)) // its server listens for changes only after this call
          const onError = (error: unknown): void =>
            logger.error('gRPC: the new certificate cannot be used, the old one stays', { error: String(error) })
          watches.set(listener, watchTls(tls, tell, onError))
        },
        removeIdentityCertificateListener(listener) {
          watches.get(listener)?.()
          watches.delete(listener)
        },
      },
      null,
      false,
    )
  }

  private implementationOf(grpc: Grpc, signal: OtlpSignal): UntypedServiceImplementation {
    return { Export: (call: Call, answer: sendUnaryData<Buffer>) => void this.take(grpc, signal, call, answer) }
  }

  private async take(grpc: Grpc, signal: OtlpSignal, call: Call, answer: sendUnaryData<Buffer>): Promise<void> {
    const startedAt = performance.now()
    try {
      const caller = this.options.authenticate(toHeaders(call.metadata), 'ingest')
      answer(null, encodeAnswer(await this.options.intake(signal, call.request, { caller, transport: 'grpc', startedAt })))
    } catch (cause) {
      const error = toCollectorError(cause)
      this.options.metrics.requests.inc({ receiver: 'otlp', outcome: error.code })
      if (error.code === 'INTERNAL') this.options.logger.error('request failed', { path: signal, error: String(error.cause) })
      answer({ code: grpcCodes[error.status] ?? 2, details: error.message, metadata: toMetadata(grpc, error) })
    }
  }
}

function definitionOf(path: string) {
  const pass = (bytes: Buffer): Buffer => bytes
  const codec = { requestSerialize: pass, requestDeserialize: pass, responseSerialize: pass, responseDeserialize: pass }
  return { Export: { path, requestStream: false, responseStream: false, ...codec } }
}

function toHeaders(metadata: Metadata): IncomingHttpHeaders {
  const headers = Object.entries(metadata.getMap()).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(headers)
}

/** A retryable error says when: without a RetryInfo a client must not try RESOURCE_EXHAUSTED again. */
function toMetadata(grpc: Grpc, error: CollectorError): Metadata {
  const metadata = new grpc.Metadata()
  if (error.retryAfterSeconds === undefined) return metadata
  const delay = new WireWriter(16).uint(1, error.retryAfterSeconds).finish()
  const retryInfo = new WireWriter(32).bytes(1, delay).finish()
  const any = new WireWriter(128).string(1, 'type.googleapis.com/google.rpc.RetryInfo').bytes(2, retryInfo).finish()
  const status = new WireWriter(256)
    .uint(1, grpcCodes[error.status] ?? 2)
    .string(2, error.message)
    .bytes(3, any)
    .finish()
  metadata.set('grpc-status-details-bin', status)
  return metadata
}
