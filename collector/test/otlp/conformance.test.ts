/**
 * The OTLP specification as a receiver must keep it, statement by statement, in both encodings against a running collector.
 * Source: opentelemetry-proto docs/specification.md; the section's name is in each test's name.
 */
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, startTestCollector } from '../running-collector.ts'
import { logsRequest, tracesRequest } from '../otlp.ts'
import { type Encoding, contentTypes, encodings, jsonSpan, jsonTraces, post, raw } from './requests.ts'

const limits = `yaml:
receivers:
  otlp:
    protocols:
      http:
        max_request_body_size: 1MiB
        cors: {allowed_origins: ["https://*.example.com"], allowed_headers: [x-custom], max_age: 60}
`
const good: Record<Encoding, Uint8Array | string> = { protobuf: tracesRequest([{}]), json: jsonTraces([jsonSpan()]) }
const broken: Record<Encoding, Uint8Array | string> = { protobuf: Buffer.from([10, 200, 1, 1]), json: '{"resourceSpans":[{"scope' }
const zstdEmpty = Buffer.from('28b52ffd2000010000', 'hex') // a frame that holds nothing

describe('an OTLP receiver', () => {
  let collector: TestCollector
  let traces: string
  let logs: string

  beforeAll(async () => {
    collector = await startTestCollector({ config: [limits] })
    traces = `${collector.url}/v1/traces`
    logs = `${collector.url}/v1/logs`
  })
  afterAll(() => collector.dispose())

  const attributesOf = async (id: string): Promise<Record<string, string>> => {
    await collector.stored()
    return readSpanAttributes(collector, id)
  }

  it('1. takes POST on the default paths, answers 404 elsewhere and 405 to other methods [OTLP/HTTP Request]', async () => {
    expect((await post(traces, 'protobuf', good.protobuf)).status).toBe(200)
    expect((await post(logs, 'protobuf', logsRequest([{ body: 'hello' }]))).status).toBe(200)
    expect((await post(`${collector.url}/v1/metrics`, 'protobuf', Buffer.from([10, 0]))).status).toBe(200)
    expect((await post(`${collector.url}/v1/profiles`, 'protobuf', Buffer.alloc(0))).status).toBe(404)
    const get = await fetch(traces)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(traces, { method: 'PUT', body: 'x' })).status).toBe(405)
  })

  it('2. tells protobuf from JSON by Content-Type, with or without a charset, and answers 415 to any other [OTLP/HTTP Connection]', async () => {
    expect((await post(traces, 'json', good.json, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      expect((await post(traces, 'json', good.json, { 'content-type': type })).status).toBe(415)
    }
  })

  it.each(encodings)('3. answers %s in the encoding of the request, success and error alike [OTLP/HTTP Response]', async (encoding) => {
    expect((await post(traces, encoding, good[encoding])).contentType).toBe(contentTypes[encoding])
    expect((await post(traces, encoding, broken[encoding])).contentType).toBe(contentTypes[encoding])
  })

  it('4. leaves partial_success unset on full success [Full Success]', async () => {
    expect((await post(traces, 'protobuf', good.protobuf)).bytes).toHaveLength(0)
    expect((await post(traces, 'json', good.json)).bytes.toString()).toBe('{}')
  })

  it('5. takes an empty request for a success, and an empty JSON body for none [Full Success]', async () => {
    expect((await post(traces, 'protobuf', Buffer.alloc(0))).status).toBe(200)
    expect((await post(traces, 'json', '{}')).status).toBe(200)
    expect((await post(traces, 'json', '')).status).toBe(400)
  })

  it.each(encodings)('6. refuses a span with a wrong id alone, counts it and says why, in %s [Partial Success]', async (encoding) => {
    const bodies = {
      protobuf: tracesRequest([{ traceId: 'abcd' }, {}]),
      json: jsonTraces([jsonSpan({ traceId: 'abcd' }), jsonSpan()]),
    }

    const answer = await post(traces, encoding, bodies[encoding])

    expect(answer.status).toBe(200)
    expect(answer.response.partialSuccess).toEqual({ rejected: '1', errorMessage: '1 span: trace_id must be 16 bytes, not all zero' })
  })

  it.each(encodings)('7. answers errors with a google.rpc.Status in %s [Failures]', async (encoding) => {
    const answer = await post(traces, encoding, broken[encoding])

    expect(answer.rpcStatus).toEqual({ code: 3, message: expect.stringMatching(/^the body is not/) as string })
  })

  it.each(encodings)('8. answers 400 to undecodable %s, which no client sends again [Bad Data]', async (encoding) => {
    const answer = await post(traces, encoding, broken[encoding])

    expect(answer.status).toBe(400)
    expect(answer.headers.get('retry-after')).toBeNull()
  })

  it('9. answers 503 with Retry-After while it cannot take more [OTLP/HTTP Throttling]', async () => {
    const full = await startTestCollector({ config: ['yaml:exporters::clickhouse::spool::max_size: 64B'] })
    try {
      for (const encoding of encodings) {
        const answer = await post(`${full.url}/v1/traces`, encoding, good[encoding])
        expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([503, 5])
        expect(answer.rpcStatus.code).toBe(14)
      }
    } finally {
      await full.dispose()
    }
  })

  it.each(encodings)('10. limits a body in %s before and after decompression with 413 [OTLP/HTTP Request]', async (encoding) => {
    const large = encoding === 'json' ? `{"x":"${'x'.repeat(2 ** 20)}"}` : Buffer.alloc(2 ** 20 + 1)

    const plain = await post(traces, encoding, large)
    const packed = await post(traces, encoding, gzipSync(large), { 'content-encoding': 'gzip' })

    expect([plain.status, packed.status]).toEqual([413, 413])
    expect([plain.rpcStatus.code, packed.rpcStatus.code]).toEqual([8, 8])
  })

  it('10. stops inflating at the limit: a gzip bomb costs neither memory nor time [OTLP/HTTP Request]', async () => {
    const bomb = gzipSync(Buffer.alloc(500 * 2 ** 20), { level: 1 })
    const before = process.memoryUsage.rss()

    const answer = await post(traces, 'protobuf', bomb.subarray(0, 2 ** 19), { 'content-encoding': 'gzip' })

    expect(answer.status).toBe(413)
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20)
  })

  it('11. keeps its answer far below the 4 MiB that clients read [OTLP/HTTP Response]', async () => {
    const many = tracesRequest(Array.from({ length: 5000 }, () => ({ traceId: 'abcd' })))

    const answer = await post(traces, 'protobuf', many)

    expect(answer.response.partialSuccess?.rejected).toBe('5000')
    expect(answer.bytes.length).toBeLessThan(65_536 + 64)
  })

  it('12. takes gzip, deflate and zstd, and answers 4xx to broken or unknown compression [OTLP/gRPC]', async () => {
    for (const encoding of encodings) {
      const body = Buffer.from(good[encoding] as string)
      expect((await post(traces, encoding, gzipSync(body), { 'content-encoding': 'gzip' })).status).toBe(200)
      expect((await post(traces, encoding, deflateSync(body), { 'content-encoding': 'deflate' })).status).toBe(200)
      expect((await post(traces, encoding, gzipSync(body).subarray(0, 20), { 'content-encoding': 'gzip' })).status).toBe(400)
    }
    expect((await post(traces, 'protobuf', zstdEmpty, { 'content-encoding': 'zstd' })).status).toBe(200)
    expect((await post(traces, 'protobuf', zstdEmpty.subarray(0, 5), { 'content-encoding': 'zstd' })).status).toBe(400)
    expect((await post(traces, 'protobuf', Buffer.from('not zstd'), { 'content-encoding': 'zstd' })).status).toBe(400)
    expect((await post(traces, 'protobuf', good.protobuf, { 'content-encoding': 'snappy' })).status).toBe(415)
  })

  it('13. reads JSON as the mapping says: hex ids in any case, exact 64-bit integers, unknown and snake_case members ignored [JSON Protobuf Encoding]', async () => {
    const id = 'ABCDEF0123456789abcdef0123456789'
    const attributes = [
      { key: 'quoted', value: { intValue: '9007199254740993' } },
      { key: 'bare', value: { intValue: 'BARE' } },
      { key: 'bytes', value: { bytesValue: 'AQID' } },
    ]
    const span = jsonSpan({ traceId: id, attributes, newMember: { a: [1] }, start_time_unix_nano: 'not read' })

    const answer = await post(traces, 'json', jsonTraces([span]).replace('"BARE"', '-9007199254740993'))

    expect(answer.bytes.toString()).toBe('{}')
    expect(await attributesOf(id.toLowerCase())).toEqual({ quoted: '9007199254740993', bare: '-9007199254740993', bytes: 'AQID' })
  })

  it('13. refuses ids that are not hex and names that stand for enums, naming the member [JSON Protobuf Encoding]', async () => {
    expect((await post(traces, 'json', jsonTraces([jsonSpan({ traceId: 'z'.repeat(32) })]))).rpcStatus.message).toMatch(
      /traceId: expected hex/,
    )
    expect((await post(traces, 'json', jsonTraces([jsonSpan({ kind: 'SPAN_KIND_SERVER' })]))).rpcStatus.message).toMatch(
      /kind: expected an integer/,
    )
  })

  it.each(encodings)('14. keeps every kind of attribute value sent in %s [AnyValue]', async (encoding) => {
    const id = encoding === 'json' ? '1'.repeat(32) : '2'.repeat(32)
    const values = { text: 't', no: false, int: 1, double: 1.5, list: ['a', 1], map: { a: { b: 'c' } } }
    const json = [
      { key: 'text', value: { stringValue: 't' } },
      { key: 'no', value: { boolValue: false } },
      { key: 'int', value: { intValue: '1' } },
      { key: 'double', value: { doubleValue: 1.5 } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: 1 }] } } },
      {
        key: 'map',
        value: { kvlistValue: { values: [{ key: 'a', value: { kvlistValue: { values: [{ key: 'b', value: { stringValue: 'c' } }] } } }] } },
      },
    ]
    const bodies = {
      protobuf: tracesRequest([{ traceId: id, startMs: Date.now(), attributes: values }]),
      json: jsonTraces([jsonSpan({ traceId: id, attributes: json })]),
    }

    await post(traces, encoding, bodies[encoding])

    expect(await attributesOf(id)).toEqual({ text: 't', no: 'false', int: '1', double: '1.5', list: '["a",1]', map: '{"a":{"b":"c"}}' })
  })

  it.each(encodings)('15. takes chunked bodies, and many connections at once, in %s [OTLP/HTTP]', async (encoding) => {
    const body = Buffer.from(good[encoding] as string)
    const chunked = (): Promise<{ status: number }> =>
      raw(traces, { 'content-type': contentTypes[encoding], 'transfer-encoding': 'chunked' }, (request) => {
        request.write(body.subarray(0, 10))
        request.end(body.subarray(10))
      })

    const answers = await Promise.all(Array.from({ length: 50 }, chunked))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('16. stores a turn once that a client sends twice [Duplicate Data]', async () => {
    const id = '3'.repeat(32)
    const turn = tracesRequest([
      {
        traceId: id,
        spanId: '4'.repeat(16),
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': '[{"role":"user","content":"twice?"}]' },
      },
    ])

    await post(traces, 'protobuf', turn)
    await post(traces, 'protobuf', turn)
    await collector.stored()

    const { body } = await collector.get('/api/v1/events?limit=5000')
    expect((body as { events: { text: string }[] }).events.filter(({ text }) => text === 'twice?')).toHaveLength(1)
  })

  it('17. ignores empty envelopes [Resource and Scope]', async () => {
    expect((await post(traces, 'json', '{"resourceSpans":[{"scopeSpans":[]},{},{"resource":{}}]}')).bytes.toString()).toBe('{}')
    expect((await post(traces, 'protobuf', Buffer.from([10, 0, 10, 2, 18, 0]))).bytes).toHaveLength(0)
  })

  it('18. lets browsers of configured origins send, and no others [CORS]', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(traces, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      })

    const allowed = await preflight('https://app.example.com')
    const strange = await preflight('https://example.org')

    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(allowed.headers.get('access-control-max-age')).toBe('60')
    const headers = allowed.headers.get('access-control-allow-headers')!.split(', ')
    expect(headers).toEqual(
      expect.arrayContaining(['content-type', 'content-encoding', 'x-api-key', 'authorization', 'traceparent', 'x-custom']),
    )
    expect(strange.headers.get('access-control-allow-origin')).toBeNull()
    const answer = await post(traces, 'json', good.json, { origin: 'https://app.example.com' })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
  })
})

async function readSpanAttributes(collector: TestCollector, id: string): Promise<Record<string, string>> {
  const rows = await collector.db.query<{ attributes: Record<string, string> }>(
    'SELECT SpanAttributes AS attributes FROM otel_traces WHERE TraceId = {id: String}',
    { params: { id } },
  )
  return rows[0]?.attributes ?? {}
}
