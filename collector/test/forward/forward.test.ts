/** A running collector hands on what it accepted, as its pipelines say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { call } from '../extract/spans.ts'
import { decode, logsRequest, tracesRequest } from '../otlp.ts'
import { jsonSpan, jsonTraces, post } from '../otlp/requests.ts'
import { type Sink, startSink } from './sink.ts'

describe('forwarding', () => {
  let backend: Sink
  let tracesOnly: Sink
  let collector: TestCollector

  beforeAll(async () => {
    backend = await startSink()
    tracesOnly = await startSink()
    const config = `yaml:
exporters:
  otlp_http: {endpoint: "${backend.url}"}
  otlp_http/traces: {endpoint: "${tracesOnly.url}"}
  debug: {verbosity: detailed}
  debug/quiet: {}
service:
  pipelines:
    traces: {exporters: [clickhouse, topics, otlp_http, otlp_http/traces, debug]}
    logs: {exporters: [clickhouse, topics, otlp_http, debug/quiet]}
`
    collector = await startTestCollector({ config: [config] })
  })
  afterAll(async () => {
    await collector.dispose()
    await backend.close()
    await tracesOnly.close()
  })

  it('hands the original bytes to every exporter of the pipeline, arrays and maps as they came', async () => {
    const traces = tracesRequest([{ attributes: { list: ['a', 'b'] } }])
    const logs = logsRequest([{ body: { map: 'x' } }])

    await post(`${collector.url}/v1/traces`, 'protobuf', traces)
    await post(`${collector.url}/v1/logs`, 'protobuf', logs)

    await eventually(async () => expect(backend.received).toHaveLength(2))
    expect(backend.received.map(({ body }) => body)).toEqual(expect.arrayContaining([traces, logs]))
    expect(tracesOnly.received.map(({ body }) => body)).toEqual([traces])
  })

  it('leaves out the spans that it refused', async () => {
    await post(`${collector.url}/v1/traces`, 'json', jsonTraces([jsonSpan({ spanId: 'ab' }), jsonSpan({ name: 'kept' })]))

    await eventually(async () => expect(tracesOnly.received).toHaveLength(2))
    const [resource] = (decode('traces', tracesOnly.received[1]!.body) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] })
      .resourceSpans
    expect(resource!.scopeSpans[0]!.spans).toMatchObject([{ name: 'kept' }])
  })

  it('shows on the console what a debug exporter was asked to show', async () => {
    await post(`${collector.url}/v1/traces`, 'protobuf', tracesRequest([call([['user', 'Is this shown?']])]))

    const lines = collector.log.join('\n')
    expect(lines).toContain('"message":"span"')
    expect(lines).toContain('Is this shown?')
    expect(lines).not.toContain('"message":"log record"')
    expect(lines).toContain('"message":"logs","requests":1,"records":1')
  })

  it('counts what it sent by the Collector’s own metric names', async () => {
    const metrics = await (await fetch(`${collector.url}/metrics`)).text()

    expect(metrics).toMatch(/otelcol_exporter_sent_spans\{exporter="otlp_http\/traces"\} [1-9]/)
    expect(metrics).toMatch(/otelcol_exporter_sent_log_records\{exporter="otlp_http"\} 1/)
  })
})
