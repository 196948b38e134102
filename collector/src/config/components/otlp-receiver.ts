/** `receivers.otlp`: takes OTLP from any OpenTelemetry SDK, instrumentation or Collector. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, defaultSection, duration, endpoint, section, size, urlPath } from '../schema.ts'
import { cors, tls } from './http-server.ts'

const http = section({
  endpoint: endpoint()
    .prefault('127.0.0.1:4318') // loopback: nothing is open to the network until somebody says so
    .describe('Address to listen on. `/track`, `/health`, `/metrics` and the query API answer here too.'),
  traces_url_path: urlPath('/v1/traces').describe('Path that takes traces.'),
  logs_url_path: urlPath('/v1/logs').describe('Path that takes logs.'),
  metrics_url_path: urlPath('/v1/metrics').describe('Path that answers to metrics, which are dropped.'),
  max_request_body_size: size('20MiB') // the Collector's default, so that clients behave alike
    .describe('Largest request body, before and after decompression. A larger one is refused with 413.'),
  include_metadata: z.boolean().default(false).describe('Hand request headers on to exporters that forward.'),
  read_timeout: duration('1m').describe('Longest time to read a whole request.'),
  read_header_timeout: duration('1m').describe("Longest time to read a request's headers."),
  idle_timeout: duration('1m').describe('How long an unused connection stays open.'),
  cors: cors.optional().describe('Lets browsers send. Absent: they may not.'),
  tls: tls.optional().describe('Serves HTTPS. Absent: plain HTTP.'),
})

const grpc = section({
  endpoint: endpoint().prefault('127.0.0.1:4317').describe('Address to listen on.'),
  max_recv_msg_size_mib: count(4, 1).describe('Largest message, in MiB.'), // gRPC's own default
  tls: tls.optional().describe('Serves with TLS. Absent: without.'),
})

const schema = section({
  protocols: defaultSection({
    http: http.optional().describe('OTLP over HTTP, protobuf or JSON.'),
    grpc: grpc.optional().describe('OTLP over gRPC.'),
  }),
}).superRefine(({ protocols }, context) => {
  if (protocols.http || protocols.grpc) return
  context.addIssue({ code: 'custom', message: 'must specify at least one protocol when using the OTLP receiver' })
})

export type OtlpReceiverConfig = z.output<typeof schema>

export const otlpReceiver: ComponentDefinition<OtlpReceiverConfig> = {
  kind: 'receivers',
  type: 'otlp',
  signals: ['traces', 'logs', 'metrics'],
  schema,
}
