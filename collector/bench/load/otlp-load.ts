/** OTLP requests for benchmarks: built once, given new ids each time they are sent, so that every span is a new one and the load costs little. */
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type TestSpan, type Value, tracesRequest } from '../../test/otlp.ts'

/** `track`: 12 attributes with a text; `genai`: long messages; `plain`: 12 attributes, no text. */
export type Profile = 'track' | 'genai' | 'plain'
export type Encoding = 'protobuf' | 'protobuf gzip' | 'json'

export interface Load {
  readonly spansPerRequest: number
  readonly headers: Readonly<Record<string, string>>
  /** The next request's body; those that are not packed are overwritten at the call after next of the same connection. */
  readonly next: (connection: number) => Buffer
}

const packedBodies = 128 // packing costs more than sending, so these come round again, later than anything remembers their ids

/** @param connections each has a body of its own */
export function createLoad(profile: Profile, encoding: Encoding, connections: number): Load {
  const spansPerRequest = profile === 'genai' ? 100 : 1000
  const spans = Array.from({ length: spansPerRequest }, (_, i) => spanOf(profile, i))
  const json = encoding === 'json'
  const form = json ? Buffer.from(JSON.stringify(toJson(spans))) : tracesRequest(spans)
  const places = spans.flatMap(({ traceId, spanId }) => [traceId!, spanId!].map((id) => form.indexOf(json ? id : Buffer.from(id, 'hex'))))
  const sessions = profile === 'plain' ? [] : spans.map((_, i) => form.indexOf(sessionOf(i)))
  const renew = (body: Buffer): Buffer => {
    for (const place of places) writeId(body, place, json)
    for (const place of sessions) body.write(sessionOf(Math.floor(texts++ / eventsPerSession)), place, 'latin1')
    return body
  }
  const contentType = { 'content-type': json ? 'application/json' : 'application/x-protobuf' }
  if (encoding !== 'protobuf gzip') {
    const bodies = Array.from({ length: connections }, () => Buffer.from(form))
    return { spansPerRequest, headers: contentType, next: (connection) => renew(bodies[connection]!) }
  }
  const packed = Array.from({ length: packedBodies }, () => gzipSync(renew(form)))
  let sent = 0
  return { spansPerRequest, headers: { ...contentType, 'content-encoding': 'gzip' }, next: () => packed[sent++ % packedBodies]! }
}

let ids = 0
let texts = 0
const eventsPerSession = 8

function sessionOf(i: number): string {
  return `session-${i.toString().padStart(12, '0')}`
}

/** Overwrites the first 8 bytes of an id with a number that was not used before. */
function writeId(body: Buffer, place: number, json: boolean): void {
  const id = ++ids
  if (json) body.write(id.toString(16).padStart(16, '0'), place, 'latin1')
  else {
    body.writeUInt32BE(id >>> 0, place)
    body.writeUInt32BE(~id >>> 0, place + 4)
  }
}

function spanOf(profile: Profile, i: number): TestSpan {
  const now = Date.now()
  const base = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'chat',
    startMs: now - 100,
    endMs: now,
  }
  const common = {
    'server.address': 'api.example.com',
    'server.port': 443,
    'service.version': '1.4.2',
    temperature: 0.7,
    'http.status': 200,
    beta: false,
    region: 'eu-west-1',
  }
  const text = `How do I change the ${['invoice', 'password', 'delivery', 'plan'][i % 4]} of order ${i % 1000} before ${['Monday', 'Friday'][i % 2]}?`
  if (profile === 'track') {
    const track = {
      'turret.event.name': 'chat',
      'session.id': sessionOf(i),
      'user.id': `u-${i % 37}`,
      'turret.metadata.prompt': text,
      'turret.metadata.plan': ['free', 'pro'][i % 2]!,
    }
    return { ...base, attributes: { ...track, ...common } }
  }
  if (profile === 'genai') {
    const history = Array.from({ length: 8 }, (_, n) => ({
      role: n % 2 === 0 ? 'user' : 'assistant',
      parts: [{ type: 'text', content: `${text} ${'and further details '.repeat(12)}` }],
    }))
    const messages = JSON.stringify([...history, { role: 'user', parts: [{ type: 'text', content: text }] }])
    return {
      ...base,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm',
        'gen_ai.input.messages': messages,
        'gen_ai.conversation.id': sessionOf(i),
        ...common,
      },
    }
  }
  return {
    ...base,
    attributes: {
      ...common,
      'url.path': '/v1/chat',
      'client.address': '10.0.0.7',
      'enduser.role': 'member',
      'thread.name': 'worker',
      note: text,
    },
  }
}

function toJson(spans: readonly TestSpan[]): object {
  const nanos = (ms: number): string => `${ms}000000`
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            scope: { name: 'bench' },
            spans: spans.map(({ traceId, spanId, name, startMs, endMs, attributes }) => ({
              traceId,
              spanId,
              name,
              kind: 1,
              startTimeUnixNano: nanos(startMs!),
              endTimeUnixNano: nanos(endMs!),
              attributes: Object.entries(attributes!).map(([key, value]) => ({ key, value: toAnyValue(value) })),
            })),
          },
        ],
      },
    ],
  }
}

function toAnyValue(value: Value): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: JSON.stringify(value) } : { doubleValue: value }
}
