/**
 * How many spans a second of CPU receives: scan and extraction, without network, spool and database.
 * Run: `node --conditions=source --import tsx collector/bench/scan.ts`. Prints the best of five rounds, asserts nothing.
 */
import { createExtractor } from '../src/extract/extract-turns.ts'
import { encodeParts } from '../src/extract/encode-part.ts'
import { scanTraces } from '../src/extract/scan-traces.ts'
import { TrackEncoder } from '../src/extract/track-bytes.ts'
import { type TestSpan, nextSpanId, tracesRequest } from '../test/otlp.ts'

const spansPerRequest = 1000
const roundMs = 1500
const rounds = 5

/** 12 attributes a span, as HTTP and database instrumentations send them. */
const plain = (i: number): TestSpan => ({
  traceId: traceId(i),
  spanId: nextSpanId(),
  name: 'GET /api/items',
  attributes: {
    'http.request.method': 'GET',
    'http.route': '/api/items/:id',
    'http.response.status_code': 200,
    'url.path': `/api/items/${i}`,
    'url.scheme': 'https',
    'server.address': 'api.example.com',
    'server.port': 443,
    'client.address': '203.0.113.7',
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64)',
    'network.protocol.version': '1.1',
    'thread.id': 17,
    'db.system': 'postgresql',
  },
})

const track = (i: number): TestSpan => ({
  traceId: traceId(i),
  spanId: nextSpanId(),
  name: 'chat_message',
  attributes: {
    'turret.event.name': 'chat_message',
    'session.id': `session-${i}`,
    'user.id': `user-${i % 100}`,
    'turret.metadata.prompt': `How do I change the delivery address of order ${i}?`,
    'turret.metadata.plan': 'pro',
    'turret.metadata.language': 'en',
  },
})

const genAi = (i: number): TestSpan => ({
  traceId: traceId(i),
  spanId: nextSpanId(),
  name: 'chat gpt-4o-mini',
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.usage.input_tokens': 321,
    'gen_ai.usage.output_tokens': 87,
    'gen_ai.conversation.id': `conversation-${i}`,
    'gen_ai.input.messages': JSON.stringify(
      ['You are a support bot.', 'Hi there', 'Hello! How can I help?', `How do I change the address of order ${i}?`].map((content, n) => ({
        role: ['system', 'user', 'assistant', 'user'][n],
        parts: [{ type: 'text', content }],
      })),
    ),
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: 'Open Orders and choose Change address.' }] },
    ]),
  },
})

const extractor = createExtractor()
const tracks = new TrackEncoder()
const texts = { textKeys: ['prompt'], kindOf: () => undefined }

for (const [name, make] of Object.entries({ plain, track, genAi })) {
  const body = tracesRequest(Array.from({ length: spansPerRequest }, (_, i) => make(i)))
  const best = Math.max(...Array.from({ length: rounds }, () => spansPerCpuSecond(body)))
  console.log(
    `${name.padEnd(6)} ${Math.round(best).toLocaleString('en')} spans per CPU second, ${(1e6 / best).toFixed(2)} µs a span of ${Math.round(body.length / spansPerRequest)} bytes`,
  )
}

function spansPerCpuSecond(body: Buffer): number {
  const started = process.cpuUsage()
  const end = performance.now() + roundMs
  let spans = 0
  while (performance.now() < end) {
    const scan = scanTraces(body, { skipsTrackSpans: true })
    tracks.encode(body, scan.tracked, texts)
    encodeParts(extractor.spans(scan.candidates, texts).parts)
    spans += scan.spans
  }
  const { user, system } = process.cpuUsage(started)
  return spans / ((user + system) / 1e6)
}

function traceId(i: number): string {
  return (i + 1).toString(16).padStart(32, '0')
}
