/** `exporters.otlp_http`: forwards to another OTLP receiver, such as a Collector or a tracing backend. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, defaultSection, duration, secret, section } from '../schema.ts'

const url = z.string().refine((text) => /^https?:\/\/./.test(text) && URL.canParse(text), 'expected an http(s) URL')

const schema = section({
  endpoint: url.optional().describe('Base URL; `/v1/traces` and `/v1/logs` are appended.'),
  traces_endpoint: url.optional().describe('URL for traces, used as it is. Absent: from `endpoint`.'),
  logs_endpoint: url.optional().describe('URL for logs, used as it is. Absent: from `endpoint`.'),
  headers: z.record(z.string(), secret()).default({}).describe('Headers to send, such as an API key.'),
  timeout: duration('30s').describe('Longest time for one request.'),
  compression: z.enum(['gzip', 'none']).default('gzip').describe('`gzip` or `none`.'),
  sending_queue: defaultSection({
    enabled: z.boolean().default(true).describe('Queue requests, so that a slow receiver blocks nobody.'),
    num_consumers: count(10, 1).describe('Requests under way at once.'),
    queue_size: count(1000, 1).describe('Most requests that wait. Above it new ones are dropped and counted.'),
  }),
  retry_on_failure: defaultSection({
    enabled: z.boolean().default(true).describe('Try again after a failure that may pass.'),
    initial_interval: duration('5s').describe('Wait before the second try.'),
    max_interval: duration('30s').describe('Longest wait between two tries.'),
    max_elapsed_time: duration('5m').describe('Give up after this long. `0s`: never.'),
  }),
}).superRefine((config, context) => {
  if (config.endpoint ?? config.tracesEndpoint ?? config.logsEndpoint) return
  context.addIssue({ code: 'custom', message: 'at least one endpoint must be specified' })
})

export type OtlpHttpExporterConfig = z.output<typeof schema>

export const otlpHttpExporter: ComponentDefinition<OtlpHttpExporterConfig> = {
  kind: 'exporters',
  type: 'otlp_http',
  aliases: [{ name: 'otlphttp', deprecated: true }],
  signals: ['traces', 'logs'],
  schema,
}
