import { diag } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTurret, type Turret, type TurretOptions } from '../src/turret.ts'
import { collectDiagLines } from './diag-lines.ts'
import { type Answer, closedUrl, type OtlpServer, type ReceivedRequest, startOtlpServer } from './otlp-server.ts'

let lines: string[]
let server: OtlpServer | undefined
let turret: Turret | undefined

beforeEach(() => {
  lines = collectDiagLines()
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await turret?.shutdown()
  await server?.close()
  diag.disable()
})

async function start(answer: (request: ReceivedRequest) => Answer | undefined, options: TurretOptions = {}): Promise<Turret> {
  server = await startOtlpServer(answer)
  turret = createTurret({ url: server.url, ...options })
  return turret
}

function trackMany(client: Turret, count: number, prompt = 'hello'): void {
  for (let i = 0; i < count; i++) client.track({ name: 'chat', metadata: { prompt } })
}

describe('delivery', () => {
  it('tries again after 503 and loses nothing', async () => {
    let attempts = 0
    const client = await start(() => ({ status: ++attempts === 1 ? 503 : 200 }))

    trackMany(client, 3)
    await client.flush()

    expect(attempts).toBe(2)
    expect(server!.spans).toHaveLength(3)
    expect(lines).toEqual([])
  })

  it.each([
    ['seconds', () => '2'],
    ['a date', () => new Date(Date.now() + 2900).toUTCString()], // dates have whole seconds: this is 1.9 s to 2.9 s away
  ])('waits after 429 as long as Retry-After says in %s', async (_form, retryAfter) => {
    const client = await start(() =>
      server!.requests.length === 1 ? { status: 429, headers: { 'retry-after': retryAfter() } } : { status: 200 },
    )

    trackMany(client, 1)
    await client.flush()

    const [first = 0, second = 0] = server!.requests.map(({ receivedMs }) => receivedMs)
    expect(second - first).toBeGreaterThan(1700)
    expect(server!.spans).toHaveLength(1)
  })

  it('gives up at once when Retry-After does not fit into the timeout, and says so', async () => {
    const client = await start(() => ({ status: 429, headers: { 'retry-after': '60' } }), { timeoutMs: 1000 })

    trackMany(client, 5)
    await client.flush()

    expect(server!.requests).toHaveLength(1)
    expect(lines).toEqual([`Turret: 5 events for ${server!.url} were lost: Export failed with retryable status`])
  })

  it('does not repeat what the server refuses, and names the status', async () => {
    const client = await start(() => ({ status: 401 }), { apiKey: 'wrong' })

    trackMany(client, 2)
    await client.flush()

    expect(server!.requests).toHaveLength(1)
    expect(lines).toEqual([`Turret: 2 events for ${server!.url} were lost: HTTP 401 Unauthorized`])
  })

  it('warns once when nobody answers, and the application goes on', async () => {
    const url = await closedUrl()
    turret = createTurret({ url, timeoutMs: 500 })

    const startedMs = performance.now()
    trackMany(turret, 100)
    const trackMs = performance.now() - startedMs
    await turret.flush()
    trackMany(turret, 100)
    await turret.flush()

    expect(trackMs).toBeLessThan(500)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`Turret: 100 events for ${url} were lost: connect ECONNREFUSED`)
    await turret.shutdown()
    expect(lines[1]).toContain('Turret: 100 events')
  })

  it('gives up on a server that never answers after the timeout', async () => {
    const client = await start(() => undefined, { timeoutMs: 300 })

    trackMany(client, 1)
    const startedMs = performance.now()
    await client.flush()

    expect(performance.now() - startedMs).toBeLessThan(5000)
    expect(lines).toEqual([`Turret: 1 events for ${server!.url} were lost: Request timed out`])
  })

  it('drops and counts what exceeds the queue', async () => {
    const client = await start(() => ({ status: 200 }), { maxQueueSize: 10 })

    trackMany(client, 15)
    await client.shutdown()

    expect(server!.spans).toHaveLength(10)
    expect(lines).toEqual([
      `Turret: 1 events for ${server!.url} were lost: too many were waiting`,
      `Turret: 4 events for ${server!.url} were lost: too many were waiting`,
    ])
  })

  it('drops and counts what exceeds the memory for waiting texts', async () => {
    const client = await start(() => ({ status: 200 }), { flushIntervalMs: 60_000, maxQueueSize: 100_000 })
    const session = client.startSession()
    const text = 'x'.repeat(32_768)
    const metadata = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`text${i}`, text]))

    for (let i = 0; i < 25; i++) session.track({ name: 'chat', metadata }) // 3.3 million characters each
    await client.shutdown()

    expect(server!.spans).toHaveLength(20)
    expect(lines.join('\n')).toContain('too many were waiting')
  })

  it('takes events again once those waiting are sent', async () => {
    const client = await start(() => ({ status: 200 }), { maxQueueSize: 10 })

    for (let round = 0; round < 3; round++) {
      trackMany(client, 10)
      await client.flush()
    }

    expect(server!.spans).toHaveLength(30)
    expect(lines).toEqual([])
  })

  it('flushes a full queue of many batches', async () => {
    const client = await start(() => ({ status: 200 }))

    trackMany(client, 10_000)
    await client.flush()

    expect(server!.spans).toHaveLength(10_000)
    expect(lines).toEqual([])
  })

  it('halves a batch that the server finds too large', async () => {
    const client = await start(({ spans }) => ({ status: spans.length > 3 ? 413 : 200 }))

    trackMany(client, 10)
    await client.flush()

    expect(server!.spans).toHaveLength(10)
    expect(lines).toEqual([])
  })

  it('waits in flush() for a batch that is already on its way', async () => {
    let attempts = 0
    const client = await start(() => ({ status: ++attempts === 1 ? 503 : 200 }), { flushIntervalMs: 10 })

    trackMany(client, 1)
    await expect.poll(() => server!.requests.length).toBe(1)
    await client.flush()

    expect(server!.spans).toHaveLength(1)
  })

  it('reports events that come after shutdown instead of throwing', async () => {
    const client = await start(() => ({ status: 200 }))
    await client.shutdown()

    trackMany(client, 1)

    expect(lines).toEqual([`Turret: 1 events for ${server!.url} were lost: they came after shutdown`])
  })

  it('compresses when asked to', async () => {
    const client = await start(() => ({ status: 200 }), { compression: 'gzip' })

    trackMany(client, 100)
    await client.flush()

    expect(server!.requests[0]?.headers['content-encoding']).toBe('gzip')
    expect(server!.requests[0]?.bodyBytes).toBeLessThan(10_000)
    expect(server!.spans).toHaveLength(100)
  })

  it("never sends the application's own OTLP headers, nor changes its environment", async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer of-another-vendor,x-api-key=theirs')
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://another.example')
    const client = await start(() => ({ status: 200 }), { apiKey: 'ours' })

    trackMany(client, 1)
    await client.flush()

    expect(server!.requests[0]?.headers).toMatchObject({ 'x-api-key': 'ours' })
    expect(server!.requests[0]?.headers.authorization).toBeUndefined()
    expect(process.env['OTEL_EXPORTER_OTLP_HEADERS']).toBe('authorization=Bearer of-another-vendor,x-api-key=theirs')
  })

  it("never puts a user's text into the log", async () => {
    const client = await start(() => ({ status: 400 }))

    trackMany(client, 1, 'my very own words')
    await client.shutdown()

    expect(lines).toHaveLength(1)
    expect(lines.join('\n')).not.toContain('very own')
  })
})
