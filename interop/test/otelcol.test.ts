/** A real OpenTelemetry Collector, built by ocb, sends to Turret and receives from it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedServer, startEmbeddedServer } from '@turret/clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, eventually, startTestCollector } from '../../collector/test/running-collector.ts'
import { agent, call } from '../../collector/test/extract/spans.ts'
import { logsRequest, tracesRequest } from '../../collector/test/otlp.ts'
import { post } from '../../collector/test/otlp/requests.ts'
import { buildCollector } from './install.ts'
import { type OtelCollector, startOtelCollector } from './otelcol.ts'
import { hasProgram } from './run.ts'

describe.runIf(await hasProgram('go', ['version']))('a real OpenTelemetry Collector', () => {
  let executable: string
  beforeAll(async () => {
    executable = await buildCollector()
  }, 1_800_000)

  describe('in front of Turret', () => {
    let turret: TestCollector
    let otelcol: OtelCollector
    beforeAll(async () => {
      turret = await startTestCollector()
      const endpoint = turret.url
      otelcol = await startOtelCollector(executable, {
        otlp_http: { endpoint },
        otlp_grpc: { endpoint: `127.0.0.1:${turret.grpcPort}`, tls: { insecure: true } },
      })
    })
    afterAll(async () => {
      await otelcol.stop()
      await turret.dispose()
    })

    it('sends spans over HTTP and over gRPC, and their turn is one event', async () => {
      const answer = await post(
        `${otelcol.url}/v1/traces`,
        'protobuf',
        tracesRequest([call([['user', 'Through a Collector?']], { attributes: { 'session.id': 's-1' } })]),
      )
      expect(answer.status).toBe(200)

      await eventually(async () => {
        const metrics = await (await fetch(`${turret.url}/metrics`)).text()
        expect(metrics).toMatch(/otelcol_receiver_accepted_spans\{receiver="otlp",transport="http"\} 1/)
        expect(metrics).toMatch(/otelcol_receiver_accepted_spans\{receiver="otlp",transport="grpc"\} 1/)
      })
      await turret.stored()
      const rows = await turret.db.query(`SELECT SessionId, Text FROM events FINAL`)
      expect(rows).toEqual([{ SessionId: 's-1', Text: 'Through a Collector?' }])
    })
  })

  describe('behind Turret', () => {
    let turret: TestCollector
    let otelcol: OtelCollector
    beforeAll(async () => {
      otelcol = await startOtelCollector(executable, { file: {} })
      const pipelines = 'traces: {exporters: [clickhouse, topics, otlp_http]}, logs: {exporters: [clickhouse, topics, otlp_http]}'
      turret = await startTestCollector({
        config: [`yaml:{exporters: {otlp_http: {endpoint: "${otelcol.url}"}}, service: {pipelines: {${pipelines}}}}`],
      })
    })
    afterAll(async () => {
      await turret.dispose()
      await otelcol.stop()
    })

    it('receives what Turret accepted, with arrays and maps as they were', async () => {
      await post(
        `${turret.url}/v1/traces`,
        'protobuf',
        tracesRequest([{ name: 'on its way', attributes: { list: ['a', 1], map: { x: true } } }]),
      )
      await post(`${turret.url}/v1/logs`, 'protobuf', logsRequest([{ body: { greeting: 'hello' } }]))

      const exported = await eventually(async () => {
        const text = await otelcol.exported()
        expect(text).toContain('on its way')
        expect(text).toContain('greeting')
        return text
      })
      expect(exported).toContain('{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"1"}]}}}')
      expect(exported).toContain('{"key":"map","value":{"kvlistValue":{"values":[{"key":"x","value":{"boolValue":true}}]}}}')
    })
  })

  describe.each(['none', 'gzip'])(
    'with a clickhouseexporter (compress: %s) that writes beside Turret into a server of its own',
    (compress) => {
      let server: EmbeddedServer
      let turret: TestCollector
      let otelcol: OtelCollector
      let directory: string
      beforeAll(async () => {
        directory = await mkdtemp(join(tmpdir(), 'turret-server-'))
        server = await startEmbeddedServer({ dataDir: directory, password: 'p@ss:word' })
        turret = await startTestCollector({
          env: { TURRET_CLICKHOUSE_URL: `${server.url}/turret` },
          config: [
            'yaml:{receivers: {otel_traces: {interval: 500ms}}, service: {pipelines: {traces: {receivers: [otlp, track, otel_traces]}}}}',
          ],
        })
        const { username, password, origin } = new URL(server.url)
        otelcol = await startOtelCollector(executable, {
          clickhouse: {
            endpoint: origin,
            username,
            password: decodeURIComponent(password),
            database: 'turret',
            create_schema: false,
            compress,
          },
        })
      })
      afterAll(async () => {
        await otelcol.stop()
        await turret.dispose()
        await server.stop()
        await rm(directory, { recursive: true, force: true })
      })

      it('finds the events in the exporter’s spans, once, with their session from another span', async () => {
        const now = Date.now()
        const traceId = 'a1'.repeat(16)
        const spans = [
          call([['user', 'Written by\n\nclickhouseexporter?']], { traceId, startMs: now - 500, endMs: now - 400, answer: 'Yes.' }),
          agent([], { 'session.id': 's-9' }, { traceId, startMs: now - 600, endMs: now - 300 }),
        ]

        await post(`${otelcol.url}/v1/traces`, 'protobuf', tracesRequest(spans))

        await eventually(async () => {
          const rows = await turret.db.query(`SELECT SessionId, Text, Answer, InputTokens FROM events FINAL`)
          expect(rows).toEqual([{ SessionId: 's-9', Text: 'Written by\n\nclickhouseexporter?', Answer: 'Yes.', InputTokens: 10 }])
        }, 30_000)
        const written = await turret.db.query(`SELECT WrittenBy, toUInt8(count()) AS spans FROM otel_traces GROUP BY WrittenBy`)
        expect(written).toEqual([{ WrittenBy: '', spans: 2 }])
      })
    },
  )
})
