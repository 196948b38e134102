import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsAnswer } from '../../src/query/contract/sessions.ts'
import { tracesRequest } from '../otlp.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const address = 'jane@example.com'
const pipelines = ['traces', 'logs'].map((name) => `yaml:service::pipelines::${name}::processors: [memory_limiter, redaction, batch]`)

describe('a pipeline with processors.redaction', () => {
  let collector: TestCollector

  beforeAll(async () => {
    collector = await startTestCollector({ config: pipelines })
  })
  afterAll(() => collector.dispose())

  it('stores events and spans without what the rules match, whatever way they came', async () => {
    const prompt = `my mail is ${address}, where is my parcel?`
    const tracked = await collector.post('/track', { name: 'chat', metadata: { prompt }, session_id: 's1', user_id: address })
    const body = tracesRequest([
      {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `\n${address} asks` }] }]),
          'session.id': 's2',
        },
        startMs: Date.now(),
        endMs: Date.now(),
      },
    ])
    const sent = await collector.post('/v1/traces', body, { 'content-type': 'application/x-protobuf' })
    await collector.stored()

    expect([tracked.status, sent.status]).toEqual([200, 200])
    await eventually(async () => {
      const { events } = (await collector.get('/api/v1/events?from=now-1d')).body as EventsAnswer
      expect(events.map(({ text }) => text).sort()).toEqual(['\n[EMAIL] asks', 'my mail is [EMAIL], where is my parcel?'])
      expect(events.find(({ session_id }) => session_id === 's1')?.user_id).toMatch(/^email-[0-9a-f]{16}$/)
    })
    const metrics = await (await fetch(`${collector.url}/metrics`)).text()
    expect(metrics).toContain('turret_redaction_matches{rule="email"} 3')
  })

  it('still answers 400 to a body that is no OTLP', async () => {
    const answer = await fetch(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from([10, 200, 1, 1]),
    })

    expect(answer.status).toBe(400)
  })
})
