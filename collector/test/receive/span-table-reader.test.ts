/** Spans that a clickhouseexporter writes into otel_traces yield events as those that Turret receives. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { call } from '../extract/spans.ts'
import { tracesRequest } from '../otlp.ts'
import { post } from '../otlp/requests.ts'

const receiver =
  'yaml:{receivers: {otel_traces: {interval: 200ms}}, service: {pipelines: {traces: {receivers: [otlp, track, otel_traces]}}}}'

describe('receivers.otel_traces', () => {
  let collector: TestCollector
  beforeAll(async () => {
    collector = await startTestCollector({ config: [receiver] })
  })
  afterAll(() => collector.dispose())

  const write = (span: { traceId: string; spanId: string; attributes: Record<string, string>; status?: string }): Promise<void> =>
    // The columns that clickhouseexporter names in its INSERT; the others take their defaults.
    collector.db.insertRows(
      'otel_traces',
      [
        {
          Timestamp: new Date().toISOString(),
          TraceId: span.traceId,
          SpanId: span.spanId,
          SpanName: 'chat m',
          SpanKind: 'Client',
          ServiceName: 'shop',
          ResourceAttributes: { 'service.name': 'shop' },
          ScopeName: 'x',
          SpanAttributes: span.attributes,
          Duration: 100_000_000,
          StatusCode: span.status ?? 'Unset',
        },
      ],
      { token: span.spanId },
    )
  const events = (): Promise<unknown[]> =>
    collector.db.query(
      'SELECT SessionId, Text, InputTokens, IsError, toUInt8(count()) AS rows FROM events FINAL GROUP BY ALL ORDER BY Text',
    )
  const chat = (content: string) => ({
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]),
    'gen_ai.usage.input_tokens': '21',
  })

  it('finds each turn once, joins its session from another span, and leaves plain spans alone', async () => {
    await write({ traceId: 'a1'.repeat(16), spanId: '1'.repeat(16), attributes: chat('From the table?'), status: 'Error' })
    await write({ traceId: 'a1'.repeat(16), spanId: '2'.repeat(16), attributes: { 'session.id': 's-1' } })
    await write({ traceId: 'a2'.repeat(16), spanId: '3'.repeat(16), attributes: { 'http.route': '/' } })

    await eventually(async () =>
      expect(await events()).toEqual([{ SessionId: 's-1', Text: 'From the table?', InputTokens: 21, IsError: 1, rows: 1 }]),
    )
  })

  it('does not look at spans that Turret wrote itself', async () => {
    await post(`${collector.url}/v1/traces`, 'protobuf', tracesRequest([call([['user', 'Received?']], { startMs: Date.now() })]))
    await collector.stored()
    const written = await collector.db.query(`SELECT WrittenBy FROM otel_traces WHERE TraceId = '${'a'.repeat(32)}'`)

    expect(written).toEqual([{ WrittenBy: 'turret' }])
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await events()).toHaveLength(2)
  })

  it('counts nothing again after a restart, which looks back a day', async () => {
    const before = await events()
    await collector.stop()

    collector = await startTestCollector({ config: [receiver], dataDir: collector.dataDir })
    await write({ traceId: 'a4'.repeat(16), spanId: '4'.repeat(16), attributes: chat('New after the restart?') })

    await eventually(async () => expect(await events()).toHaveLength(before.length + 1))
    expect(await events()).toEqual(expect.arrayContaining(before))
    const versions = await collector.db.query(`SELECT toUInt8(uniqExact(EventId)) AS ids FROM events FINAL`)
    expect(versions).toEqual([{ ids: before.length + 1 }])
  })
})
