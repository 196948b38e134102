/** Bad telemetry: a clear 4xx or the event without that text, counted; never a crash, never a lost neighbour. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { WireWriter } from '../../src/wire/writer.ts'
import { agent, call } from '../extract/spans.ts'
import { tracesRequest } from '../otlp.ts'
import { jsonSpan, jsonTraces, post, raw } from './requests.ts'

const chat = (text: string) => [['user', text]] as const

describe('bad telemetry', () => {
  let collector: TestCollector
  let traces: string
  beforeAll(async () => {
    collector = await startTestCollector()
    traces = `${collector.url}/v1/traces`
  })
  afterAll(() => collector.dispose())

  const texts = async (pattern: string): Promise<string[]> => {
    await collector.stored()
    const rows = await collector.db.query<{ Text: string }>(`SELECT Text FROM events FINAL WHERE Text LIKE {pattern: String}`, {
      params: { pattern },
    })
    return rows.map(({ Text }) => Text)
  }
  const faults = async (): Promise<number> => {
    const metrics = await (await fetch(`${collector.url}/metrics`)).text()
    return Number(/^turret_extract_faults (\d+)/m.exec(metrics)?.[1] ?? 0)
  }

  it('refuses a span with a wrong id alone, and stores the turn beside it', async () => {
    const answer = await post(traces, 'protobuf', tracesRequest([call(chat('lost'), { traceId: 'ab' }), call(chat('the neighbour stays'))]))

    expect(answer.response.partialSuccess).toMatchObject({ rejected: '1' })
    expect(await texts('the neighbour%')).toEqual(['the neighbour stays'])
  })

  it('answers 400 to JSON nested 1000 deep', async () => {
    const nested = '{"kvlistValue":{"values":[{"key":"k","value":'.repeat(1000) + '{"stringValue":"x"}' + '}]}}'.repeat(1000)
    const body = jsonTraces([jsonSpan({ attributes: [{ key: 'deep', value: 'HERE' }] })]).replace('"HERE"', nested)

    const answer = await post(traces, 'json', body)

    expect([answer.status, answer.rpcStatus.message]).toEqual([400, expect.stringContaining('nested deeper than 64 levels')])
  })

  it('answers 400 to protobuf whose attribute values nest 1000 deep', async () => {
    const field = (number: number, bytes: Buffer): Buffer => new WireWriter(bytes.length + 16).bytes(number, bytes).finish()
    let value = new WireWriter(8).string(1, 'x').finish()
    for (let i = 0; i < 1000; i++) value = field(5, field(1, value))
    const span = new WireWriter(64)
      .bytes(1, Buffer.alloc(16, 1))
      .bytes(2, Buffer.alloc(8, 1))
      .bytes(9, new WireWriter(64).string(1, 'deep').bytes(2, value).finish())
      .finish()

    expect((await post(traces, 'protobuf', field(1, field(2, field(2, span))))).status).toBe(400)
  })

  it('does not wait for bytes that a lying Content-Length promises, and refuses a negative one', async () => {
    const { hostname, port } = new URL(collector.url)
    const short = connect(Number(port), hostname)
    short.write('POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{}')
    short.end()
    await new Promise((resolve) => short.on('close', resolve).resume())

    const long = raw(traces, { 'content-type': 'application/json', 'content-length': 99_999_999 }, (request) => request.flushHeaders())
    expect((await long).status).toBe(413)
    expect((await post(traces, 'json', '{}')).status).toBe(200)
  })

  it('keeps the beginning of a text of 10 MB, counts it, and keeps its neighbours', async () => {
    const before = await faults()

    const answer = await post(
      traces,
      'protobuf',
      tracesRequest([call(chat(`huge ${'x'.repeat(10_000_000)}`)), call(chat('small beside huge'), { traceId: 'd'.repeat(32) })]),
    )

    expect(answer.status).toBe(200)
    expect((await texts('huge%')).map((text) => text.length)).toEqual([131_072])
    expect(await texts('small beside%')).toEqual(['small beside huge'])
    expect(await faults()).toBe(before + 1)
  })

  it('stores text that is no valid UTF-8 with replacement characters', async () => {
    const body = Buffer.from(
      tracesRequest([call(chat('invalid MARK here'))])
        .toString('latin1')
        .replace('MARK', '\xff\xfe\xc3('),
      'latin1',
    )

    expect((await post(traces, 'protobuf', body)).status).toBe(200)
    expect(await texts('invalid%')).toEqual(['invalid ���( here'])
  })

  it('makes no event of messages that were cut in half, counts them, and keeps the span', async () => {
    const before = await faults()
    const cut = '[{"role":"user","parts":[{"type":"text","content":"cut in ha'
    const id = 'e'.repeat(32)

    const answer = await post(
      traces,
      'protobuf',
      tracesRequest([{ traceId: id, startMs: Date.now(), attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': cut } }]),
    )

    expect(answer.bytes).toHaveLength(0)
    expect(await texts('%cut in ha%')).toEqual([])
    expect(await faults()).toBe(before + 1)
    expect(await collector.db.query(`SELECT 1 FROM otel_traces WHERE TraceId = '${id}'`)).toHaveLength(1)
  })

  it('moves an event to its late session', async () => {
    const traceId = 'f'.repeat(32)
    await post(traces, 'protobuf', tracesRequest([call(chat('late session?'), { traceId })]))
    await collector.stored()

    await post(traces, 'protobuf', tracesRequest([agent([], { 'session.id': 'late-1' }, { traceId })]))

    await eventually(async () => {
      const rows = await collector.db.query(`SELECT SessionId FROM events FINAL WHERE Text = 'late session?'`)
      expect(rows).toEqual([{ SessionId: 'late-1' }])
    })
  })
})
