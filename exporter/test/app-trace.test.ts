import { context, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTurret, type Turret } from '../src/turret.ts'
import { type App, startApp } from './app.ts'
import { type OtlpServer, startOtlpServer } from './otlp-server.ts'

let server: OtlpServer
let turret: Turret
let app: App | undefined

beforeEach(async () => {
  server = await startOtlpServer()
  turret = createTurret({ url: server.url })
})

afterEach(async () => {
  await turret.shutdown()
  await app?.stop()
  await server.close()
})

describe('track() inside an application with OpenTelemetry', () => {
  it("links its root span to the active span and leaves the application's trace alone", async () => {
    app = startApp()

    const request = trace.getTracer('app').startActiveSpan('POST /chat', (span) => {
      turret.track({ name: 'chat', metadata: { prompt: 'hello' }, sessionId: 'chat-42' })
      span.end()
      return span.spanContext()
    })
    await turret.flush()

    expect(app.spans().map(({ name }) => name)).toEqual(['POST /chat'])
    expect(server.spans).toHaveLength(1)
    const [event] = server.spans
    expect(event?.parentSpanId).toBeUndefined()
    expect(event?.traceId).not.toBe(request.traceId)
    expect(event?.links).toMatchObject([{ traceId: request.traceId, spanId: request.spanId }])
    expect(event?.attributes).toMatchObject({ 'turret.link.trace_id': request.traceId, 'turret.link.span_id': request.spanId })
  })

  it('keeps its event although the application samples nothing', async () => {
    app = startApp({ sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0) }) })

    trace.getTracer('app').startActiveSpan('POST /chat', (span) => {
      turret.track({ name: 'chat', metadata: { prompt: 'hello' } })
      span.end()
    })
    await turret.flush()

    expect(app.spans()).toHaveLength(0)
    expect(server.spans).toHaveLength(1)
  })

  it("keeps its event under suppressed tracing, and no session gets another one's trace id", async () => {
    app = startApp()

    const suppressed = context.with(suppressTracing(context.active()), () => turret.track({ name: 'chat', metadata: { prompt: 'one' } }))
    const next = turret.track({ name: 'chat', metadata: { prompt: 'two' } })
    await turret.flush()

    const traceIds = server.spans.map(({ traceId }) => traceId)
    expect(traceIds).toEqual([suppressed.sessionId.replaceAll('-', ''), next.sessionId.replaceAll('-', '')])
  })

  it("needs no OpenTelemetry set-up and ignores the application's limits", async () => {
    const metadata = Object.fromEntries(Array.from({ length: 128 }, (_, i) => [`key${i}`, `value ${i}`]))
    process.env['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT'] = '2'
    try {
      app = startApp()
      turret.track({ name: 'chat', metadata })
      await turret.flush()
    } finally {
      delete process.env['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT']
    }

    expect(server.spans[0]?.attributes).toMatchObject({ 'turret.metadata.key0': 'value 0', 'turret.metadata.key127': 'value 127' })
  })
})
