import { afterEach, describe, expect, it, vi } from 'vitest'
import { flush, init, shutdown, startSession, track } from '../src/index.ts'
import { type OtlpServer, startOtlpServer } from './otlp-server.ts'

const servers: OtlpServer[] = []

async function newServer(): Promise<OtlpServer> {
  const server = await startOtlpServer()
  servers.push(server)
  return server
}

afterEach(async () => {
  vi.unstubAllEnvs()
  await shutdown()
  for (const server of servers.splice(0)) await server.close()
})

describe('the shared client', () => {
  it('asks for init() first', async () => {
    expect(() => track({ name: 'chat', metadata: { prompt: 'hello' } })).toThrow('track: call init() first')
    expect(() => startSession()).toThrow('startSession: call init() first')
    await flush()
    await shutdown()
  })

  it('tracks for the whole application after init()', async () => {
    const server = await newServer()
    init({ url: server.url })

    const { eventId } = track({ name: 'chat', metadata: { prompt: 'hello' } })
    startSession().track({ name: 'chat', metadata: { prompt: 'hello again' } })
    await flush()

    expect(server.spans).toHaveLength(2)
    expect(server.spans[0]?.spanId).toBe(eventId)
  })

  it('reads TURRET_URL and TURRET_API_KEY', async () => {
    const server = await newServer()
    vi.stubEnv('TURRET_URL', server.url)
    vi.stubEnv('TURRET_API_KEY', 'key-2')
    init()

    track({ name: 'chat', metadata: { prompt: 'hello' } })
    await flush()

    expect(server.requests[0]?.headers['x-api-key']).toBe('key-2')
  })

  it("replaces the client at a second init() and still sends the first one's events", async () => {
    const [first, second] = [await newServer(), await newServer()]
    init({ url: first.url })
    track({ name: 'chat', metadata: { prompt: 'one' } })
    init({ url: second.url })
    track({ name: 'chat', metadata: { prompt: 'two' } })

    await flush()

    expect(first.spans.map(({ attributes }) => attributes['turret.metadata.prompt'])).toEqual(['one'])
    expect(second.spans.map(({ attributes }) => attributes['turret.metadata.prompt'])).toEqual(['two'])
  })
})
