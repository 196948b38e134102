import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createExtractor } from '../../src/extract/extract-turns.ts'
import { scanLogs } from '../../src/extract/scan-logs.ts'
import { scanTraces } from '../../src/extract/scan-traces.ts'
import { Random } from '../../src/demo/random.ts'
import { CollectorError } from '../../src/errors.ts'
import { encodeOtlpJson, parseJson } from '../../src/receive/otlp-json.ts'
import { parseTrackRequest } from '../../src/receive/track-request.ts'
import { encodeTrackSpans } from '../../src/receive/track-span.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { redaction } from '../../src/config/components/redaction.ts'
import { routes } from '../../src/query/contract/routes.ts'
import { WireError } from '../../src/wire/reader.ts'
import { logsRequest, tracesRequest } from '../otlp.ts'
import { say } from '../faults/load.ts'
import { type TestCollector, startTestCollector } from '../running-collector.ts'
import { mutateBytes, mutateJson, randomJson, randomText } from './mutate.ts'

const seed = 20_261_124
const random = new Random(seed)
const texts = { textKeys: ['prompt'], kindOf: () => undefined }

/** Real requests, to be broken. */
const traces = tracesRequest([
  {
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'hello, me@example.com' }] }]),
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.content': 'hello',
      'ai.prompt': '{"messages":[{"role":"user","content":"hi"}]}',
      'session.id': 's',
      list: ['a', 1, true, { deep: ['b'] }],
      bytes: Buffer.from([1, 2, 3]),
    },
    events: [{ name: 'gen_ai.content.prompt', attributes: { 'gen_ai.prompt': '[{"role":"user","content":"hi"}]' } }],
    status: { code: 2, message: 'no' },
  },
  { attributes: { 'turret.event.name': 'chat', 'turret.metadata.prompt': 'hi', 'turret.metadata.plan': 'pro', 'session.id': 's' } },
])
const logs = logsRequest([
  { body: { content: 'hello' }, eventName: 'gen_ai.user.message', attributes: { 'gen_ai.system': 'openai' } },
  { body: 'text', attributes: { a: [1, 'x'] } },
])
const tracesJson = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'x' } }] },
      scopeSpans: [
        {
          scope: { name: 's' },
          spans: [
            {
              traceId: 'a'.repeat(32),
              spanId: 'b'.repeat(16),
              name: 'chat',
              kind: 3,
              startTimeUnixNano: '1790000000000000000',
              endTimeUnixNano: 1790000000000000000,
              attributes: [
                { key: 'turret.event.name', value: { stringValue: 'chat' } },
                { key: 'turret.metadata.prompt', value: { stringValue: 'hi' } },
                { key: 'n', value: { intValue: '7' } },
                { key: 'l', value: { arrayValue: { values: [{ doubleValue: 1.5 }, { boolValue: true }, { bytesValue: 'AQI=' }] } } },
              ],
            },
          ],
        },
      ],
    },
  ],
}
const trackBody = {
  name: 'chat',
  metadata: { prompt: 'hi', n: 1, ok: true },
  session_id: 's',
  user_id: 'u',
  timestamp: '2026-11-24T09:00:00Z',
}

describe('the hot path, in the process', () => {
  const extractor = createExtractor()
  const redactor = createRedactor({ config: redaction.schema.parse({}), count: () => undefined })

  it('answers 40,000 broken protobuf bodies with a WireError or takes them', () => {
    let taken = 0
    for (let i = 0; i < 20_000; i++) {
      taken += attempt(() => void extractor.spans(scanTraces(mutateBytes(traces, random)).candidates, texts))
      taken += attempt(() => void extractor.logs(scanLogs(mutateBytes(logs, random)).candidates))
    }
    say(`protobuf: 40,000 inputs, ${taken} taken`)
    expect(taken).toBeGreaterThan(1_000)
  })

  it('redacts 20,000 broken bodies without an error that is not a WireError', () => {
    let taken = 0
    for (let i = 0; i < 20_000; i++) taken += attempt(() => void redactor.traces(mutateBytes(traces, random)))
    say(`redaction: 20,000 inputs, ${taken} taken`)
    expect(taken).toBeGreaterThan(1_000)
  })

  it('answers 20,000 broken OTLP/JSON bodies with an error of ours or takes them', () => {
    let taken = 0
    for (let i = 0; i < 20_000; i++) {
      const body = Buffer.from(mutateJson(tracesJson, random))
      taken += attempt(() => void extractor.spans(scanTraces(encodeOtlpJson(body, 'traces')).candidates, texts))
    }
    say(`OTLP/JSON: 20,000 inputs, ${taken} taken`)
    expect(taken).toBeGreaterThan(1_000)
  })

  it('answers 20,000 broken /track bodies with an error of ours or takes them', () => {
    let taken = 0
    for (let i = 0; i < 20_000; i++) {
      const body = i % 2 === 0 ? mutateJson(trackBody, random) : mutateJson([trackBody, trackBody], random)
      taken += attempt(() => {
        const events = parseTrackRequest(parseJson(body), 'p', { maxTextBytes: 131_072, maxBatch: 1000 }, BigInt(Date.now()) * 1_000_000n)
        scanTraces(encodeTrackSpans(events))
      })
    }
    say(`/track: 20,000 inputs, ${taken} taken`)
    expect(taken).toBeGreaterThan(1_000)
  })
})

describe('the collector, over HTTP', () => {
  let collector: TestCollector
  const statuses = new Map<number, number>()
  const [everything, groups] = ['sees-everything', 'sees-groups'] // the second with k-anonymity

  beforeAll(async () => {
    const keys = `[{key: ${everything}, scopes: [admin]}, {key: ${groups}, scopes: [read], k_anonymity: 2}]`
    collector = await startTestCollector({
      config: [`yaml:extensions::api_keys::keys: ${keys}`, 'yaml:service::extensions: [api_keys, query_api]'],
    })
    const users = Array.from({ length: 8 }, (_, i) => ({ ...trackBody, session_id: `s-${i}`, user_id: `u-${i}` }))
    for (const body of [trackBody, users]) expect((await collector.post('/track', body, { 'x-api-key': everything })).status).toBe(200)
    await collector.stored()
  })
  afterAll(async () => {
    say(`over HTTP: ${[...statuses].map(([status, times]) => `${status}: ${times}`).join(', ')}`)
    await collector.dispose()
  })

  it('answers 4,000 broken requests to its receivers without a 500, and stores what it took', async () => {
    for (let i = 0; i < 1_000; i++) {
      await Promise.all([
        send('/v1/traces', 'application/x-protobuf', mutateBytes(traces, random)),
        send('/v1/logs', 'application/x-protobuf', mutateBytes(logs, random)),
        send('/v1/traces', 'application/json', mutateJson(tracesJson, random)),
        send('/track', random.next() < 0.9 ? 'application/json' : randomText(random), mutateJson(trackBody, random)),
      ])
    }
    await collector.stored()
    expect(statuses.get(500)).toBeUndefined()
    expect((await collector.get('/health')).status).toBe(200)
  })

  it('answers 2,000 broken questions to the query API without a 500', async () => {
    const reads = Object.values(routes).filter((route) => route.method === 'get')
    const names = [
      'from',
      'to',
      'level',
      'limit',
      'cursor',
      'topic_id',
      'user_id',
      'segment.plan',
      'range.n',
      'journey',
      'at',
      'steps',
      'sort',
      'q',
    ]
    for (let i = 0; i < 500; i++) {
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          const route = reads[Math.floor(random.next() * reads.length)]!
          const path = route.path.replace(':id', () => encode(randomText(random)))
          const query = Array.from({ length: 1 + Math.floor(random.next() * 4) }, () => {
            const name = names[Math.floor(random.next() * names.length)]!
            return `${encode(name)}=${encode(randomText(random))}`
          })
          await ask(`/api/v1${path}?${query.join('&')}`, 'GET', undefined, random.next() < 0.5 ? everything : groups)
        }),
      )
    }
    expect(statuses.get(500)).toBeUndefined()
  })

  it('answers 1,000 broken edits without a 500', async () => {
    const edits = Object.values(routes).filter((route) => 'body' in route && route.path !== '/keys' && route.path !== '/project')
    for (let i = 0; i < 1_000; i++) {
      const route = edits[i % edits.length]!
      const path = route.path.replace(/:\w+/, () => (random.next() < 0.5 ? '9f86d081884c7d65' : encode(randomText(random))))
      await ask(`/api/v1${path}`, route.method.toUpperCase(), randomJson(random))
    }
    expect(statuses.get(500)).toBeUndefined()
  })

  async function send(path: string, type: string, body: Buffer | string): Promise<void> {
    const response = await fetch(collector.url + path, {
      method: 'POST',
      headers: { 'content-type': encode(type).replaceAll('%2F', '/'), 'x-api-key': everything },
      body: body as string,
    })
    await response.arrayBuffer()
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
  }

  async function ask(path: string, method: string, body?: string, key = everything): Promise<void> {
    const response = await fetch(collector.url + path, {
      method,
      headers: { 'x-api-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    if (response.status >= 500) say(`${method} ${path} ${body ?? ''}: ${response.status} ${text.slice(0, 300)} (seed ${seed})`)
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
  }
})

/** 1 when the input was taken, 0 when it was refused as it should be. */
function attempt(work: () => void): number {
  try {
    work()
    return 1
  } catch (error) {
    if (error instanceof WireError) return 0
    if (error instanceof CollectorError && error.code !== 'INTERNAL') return 0
    throw error
  }
}

/** As a URL has it; now and then it is left raw where a URL may be so, and a lone surrogate becomes U+FFFD. */
function encode(text: string): string {
  return /^[\w%.-]+$/.test(text) ? text : encodeURIComponent(Buffer.from(text).toString('utf8'))
}
