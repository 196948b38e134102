import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diag, trace } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGenAiSpan } from '../src/genai-span.ts'
import { TurretSpanProcessor } from '../src/span-processor.ts'
import { type App, startApp } from './app.ts'
import { collectDiagLines } from './diag-lines.ts'
import { type OtlpServer, startOtlpServer } from './otlp-server.ts'

let server: OtlpServer
let app: App | undefined

function runSpans(...spans: [name: string, attributes: Record<string, string>][]): void {
  for (const [name, attributes] of spans) trace.getTracer('app').startSpan(name, { attributes }).end()
}

beforeEach(async () => {
  server = await startOtlpServer()
})

afterEach(async () => {
  await app?.stop()
  app = undefined
  diag.disable()
  await server.close()
})

describe('TurretSpanProcessor', () => {
  it('copies the AI spans of a NodeSDK and nothing else', async () => {
    app = startApp({ processors: [new TurretSpanProcessor({ url: server.url, apiKey: 'key-1' })] })

    runSpans(['GET /', { 'http.request.method': 'GET' }], ['chat gpt', { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': '[]' }])
    await app.stop()

    expect(server.spans.map(({ name }) => name)).toEqual(['chat gpt'])
    expect(server.spans[0]?.attributes).toEqual({ 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': '[]' })
    expect(server.spans[0]?.resource['service.name']).toBe('shop-assistant')
    expect(server.requests[0]?.headers['x-api-key']).toBe('key-1')
  })

  it('keeps trace, parent and order of the copied spans', async () => {
    app = startApp({ processors: [new TurretSpanProcessor({ url: server.url })] })

    const tracer = trace.getTracer('app')
    tracer.startActiveSpan('agent', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } }, (agent) => {
      tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } }).end()
      agent.end()
    })
    await app.stop()

    const [chat, agent] = server.spans
    expect(chat).toMatchObject({ name: 'chat', traceId: agent?.traceId, parentSpanId: agent?.spanId })
  })

  it('copies what `include` says', async () => {
    app = startApp({
      processors: [new TurretSpanProcessor({ url: server.url, include: (span) => isGenAiSpan(span) || 'session.id' in span.attributes })],
    })

    runSpans(['POST /chat', { 'session.id': 'chat-42' }], ['GET /', {}])
    await app.stop()

    expect(server.spans.map(({ name }) => name)).toEqual(['POST /chat'])
  })

  it('does not disturb the application when `include` throws, and says so once', async () => {
    const lines = collectDiagLines()
    const include = (): never => {
      throw new Error('oops')
    }
    app = startApp({ processors: [new TurretSpanProcessor({ url: server.url, include })] })

    runSpans(['one', {}], ['two', {}])

    expect(app.spans()).toHaveLength(2)
    const ours = lines.filter((line) => line.startsWith('Turret'))
    expect(ours).toEqual(['Turret: the span processor threw, perhaps in `include`; such spans are not copied.'])
  })

  it('names a wrong option', () => {
    const options = { include: 'gen_ai' } as unknown as ConstructorParameters<typeof TurretSpanProcessor>[0]

    expect(() => new TurretSpanProcessor(options)).toThrow('TurretSpanProcessor: include: expected a function, got a string')
    expect(() => new TurretSpanProcessor({ url: 'nowhere' })).toThrow('TurretSpanProcessor: url: expected one such as')
  })
})

interface Sample {
  name: string
  attributes?: Record<string, never>
}

const shared = process.env['TURRET_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const samplesFolder = `${shared}/otlp-samples`

function readSamples(file: string): Sample[] {
  const found: Sample[] = []
  JSON.parse(readFileSync(`${samplesFolder}/${file}`, 'utf8'), (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'name' in value && 'spanId' in value) found.push(value as Sample)
    return value
  })
  return found
}

describe('isGenAiSpan', () => {
  it('knows the attributes of each instrumentation', () => {
    for (const key of [
      'gen_ai.system',
      'openinference.span.kind',
      'llm.model_name',
      'ai.prompt',
      'traceloop.span.kind',
      'langfuse.trace.name',
    ]) {
      expect(isGenAiSpan({ attributes: { 'session.id': 's', [key]: 'x' } })).toBe(true)
    }
    expect(isGenAiSpan({ attributes: { 'http.route': '/ai', 'aim.x': 'y', session: 'gen_ai.system' } })).toBe(false)
  })

  if (!existsSync(samplesFolder)) process.stdout.write(`skipped: real instrumentations' spans, ${samplesFolder} is absent\n`)
  else
    for (const file of readdirSync(samplesFolder)) {
      it(`recognises the spans that real instrumentations sent: ${file}`, () => {
        const spans = readSamples(file).filter(({ attributes }) => Object.keys(attributes ?? {}).length > 0)

        expect(spans.filter((span) => !isGenAiSpan({ attributes: span.attributes! })).map(({ name }) => name)).toEqual([])
      })
    }
})
