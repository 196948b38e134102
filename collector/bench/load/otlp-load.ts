/** Makes OTLP requests for benchmarks: the same bytes over and over, built once, so that the load costs little itself. */
import { randomBytes } from 'node:crypto'
import { type TestSpan, nextSpanId, tracesRequest } from '../../test/otlp.ts'

export type Profile = 'track' | 'genai' | 'plain'

/** A request of `spans` spans. `track`: 12 attributes with a text; `genai`: long messages; `plain`: 12 attributes, no text. */
export function buildRequest(profile: Profile, spans: number): Buffer {
  return tracesRequest(Array.from({ length: spans }, (_, i) => spanOf(profile, i)))
}

function spanOf(profile: Profile, i: number): TestSpan {
  const now = Date.now()
  const base = { traceId: randomBytes(16).toString('hex'), spanId: nextSpanId(), name: 'chat', startMs: now - 100, endMs: now }
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
      'session.id': `s-${i % 100}`,
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
        'gen_ai.conversation.id': `s-${i % 100}`,
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
