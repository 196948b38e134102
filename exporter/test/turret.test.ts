import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTurret, type Turret } from '../src/turret.ts'
import { type OtlpServer, startOtlpServer } from './otlp-server.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u
let server: OtlpServer
let turret: Turret

beforeEach(async () => {
  server = await startOtlpServer()
  turret = createTurret({ url: server.url, apiKey: 'key-1', serviceName: 'shop-assistant', headers: { 'X-Team': 'blue' } })
})

afterEach(async () => {
  await turret.shutdown()
  await server.close()
})

describe('track', () => {
  it("sends a root span with the contract's attributes to /v1/traces", async () => {
    turret.track({
      name: 'chat_message',
      metadata: { prompt: 'Where is my parcel?', plan: 'pro', tokens: 5 },
      sessionId: 'chat-42',
      userId: 'ada',
    })
    await turret.flush()

    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'x-api-key': 'key-1', 'x-team': 'blue', 'content-type': 'application/json' },
    })
    expect(server.requests[0]?.headers['user-agent']).toMatch(/^turret-exporter\/0\.1\.0 /u)
    expect(server.spans).toHaveLength(1)
    expect(server.spans[0]).toMatchObject({ name: 'chat_message', scope: { name: '@turret/exporter', version: '0.1.0' }, links: [] })
    expect(server.spans[0]?.parentSpanId).toBeUndefined()
    expect(server.spans[0]?.resource['service.name']).toBe('shop-assistant')
    expect(server.spans[0]?.attributes).toEqual({
      'turret.event.name': 'chat_message',
      'session.id': 'chat-42',
      'user.id': 'ada',
      'turret.metadata.prompt': 'Where is my parcel?',
      'turret.metadata.plan': 'pro',
      'turret.metadata.tokens': 5,
    })
  })

  it('answers with the span id as event id and the ids as given', async () => {
    const tracked = turret.track({ name: 'chat', metadata: { prompt: 'hello' }, sessionId: 'chat-42', userId: 'ada' })
    await turret.flush()

    expect(tracked).toEqual({ sessionId: 'chat-42', userId: 'ada', eventId: server.spans[0]?.spanId })
    expect(tracked.eventId).toMatch(/^[0-9a-f]{16}$/u)
  })

  it('takes a UUID session as the trace id, hashes another name, and keeps session.id as given', async () => {
    const sessionId = '0F8FAD5B-D9CB-469F-A165-70867728950E'
    turret.track({ name: 'chat', metadata: { prompt: 'hello' }, sessionId })
    turret.track({ name: 'chat', metadata: { prompt: 'hello' }, sessionId: 'chat-42' })
    await turret.flush()

    expect(server.spans.map(({ traceId }) => traceId)).toEqual(['0f8fad5bd9cb469fa16570867728950e', '1fdf0f334c24c07cb4ea07bcfe2c5975'])
    expect(server.spans.map(({ attributes }) => attributes['session.id'])).toEqual([sessionId, 'chat-42'])
  })

  it('makes a new session where none is given, and its next event finds it', async () => {
    const first = turret.track({ name: 'chat', metadata: { prompt: 'one' } })
    const second = turret.track({ name: 'chat', metadata: { prompt: 'two' }, sessionId: first.sessionId, userId: first.userId })
    const other = turret.track({ name: 'chat', metadata: { prompt: 'three' } })
    await turret.flush()

    const [a, b, c] = server.spans
    expect(first.sessionId).toMatch(uuid)
    expect(second.sessionId).toBe(first.sessionId)
    expect(a?.traceId).toBe(first.sessionId.replaceAll('-', ''))
    expect(b?.traceId).toBe(a?.traceId)
    expect(c?.traceId).not.toBe(a?.traceId)
    expect(other.userId).not.toBe(first.userId)
  })

  it('keeps the order of events that fall into one millisecond', async () => {
    const session = turret.startSession()
    const tracked = Array.from({ length: 50 }, (_, i) => session.track({ name: 'chat', metadata: { prompt: `message ${i}` } }))
    await turret.flush()

    const byTime = server.spans.toSorted((a, b) => (BigInt(a.startTimeUnixNano) < BigInt(b.startTimeUnixNano) ? -1 : 1))
    expect(byTime.map(({ spanId }) => spanId)).toEqual(tracked.map(({ eventId }) => eventId))
    expect(new Set(byTime.map(({ startTimeUnixNano }) => startTimeUnixNano)).size).toBe(50)
  })

  it('delivers a thousand events, each once', async () => {
    const eventIds = Array.from({ length: 1000 }, (_, i) => turret.track({ name: 'chat', metadata: { prompt: `message ${i}` } }).eventId)
    await turret.flush()

    expect(server.spans).toHaveLength(1000)
    expect(new Set(server.spans.map(({ spanId }) => spanId))).toEqual(new Set(eventIds))
  })

  it('sends by itself within the flush interval', async () => {
    turret.track({ name: 'chat', metadata: { prompt: 'hello' } })

    await expect.poll(() => server.spans.length, { timeout: 3000 }).toBe(1)
  })

  it('cuts a text that is longer than the server takes', async () => {
    turret.track({ name: 'chat', metadata: { prompt: 'x'.repeat(200_000) } })
    await turret.flush()

    expect(server.spans[0]?.attributes['turret.metadata.prompt']).toBe('x'.repeat(32_768))
  })
})

describe('startSession', () => {
  it('keeps session and user for all its events', async () => {
    const session = turret.startSession({ userId: 'ada' })
    session.track({ name: 'chat', metadata: { prompt: 'one' } })
    session.track({ name: 'chat', metadata: { prompt: 'two' } })
    await turret.flush()

    expect(session.sessionId).toMatch(uuid)
    expect(server.spans).toHaveLength(2)
    for (const { traceId, attributes } of server.spans) {
      expect(traceId).toBe(session.sessionId.replaceAll('-', ''))
      expect(attributes).toMatchObject({ 'session.id': session.sessionId, 'user.id': 'ada' })
    }
  })

  it('makes a user where none is given', () => {
    expect(turret.startSession().userId).toMatch(uuid)
    expect(turret.startSession({ userId: '' }).userId).toMatch(uuid)
    expect(() => turret.startSession({ userId: 'u'.repeat(501) })).toThrow('startSession: userId: expected at most 500 characters, got 501')
  })
})

describe('shutdown', () => {
  it('sends what is waiting, also when called twice', async () => {
    turret.track({ name: 'chat', metadata: { prompt: 'hello' } })
    await Promise.all([turret.shutdown(), turret.shutdown()])
    await turret.shutdown()

    expect(server.spans).toHaveLength(1)
  })

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('beforeExit')
    const other = createTurret({ url: server.url })

    expect(process.listenerCount('beforeExit')).toBe(before + 1)
    await other.shutdown()
    expect(process.listenerCount('beforeExit')).toBe(before)
  })
})

it('refuses a wrong service name and leaves nothing running', () => {
  const before = process.listenerCount('beforeExit')

  expect(() => createTurret({ serviceName: '' })).toThrow('Turret options: serviceName: expected a non-empty string, got an empty string')
  expect(process.listenerCount('beforeExit')).toBe(before)
})
