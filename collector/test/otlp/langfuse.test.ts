/** Langfuse's SDKs know a base URL and two keys, and nothing else of where they send. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, startTestCollector } from '../running-collector.ts'
import { jsonSpan, jsonTraces, post } from './requests.ts'

describe('an application with Langfuse', () => {
  let collector: TestCollector
  beforeAll(async () => {
    const keys = 'yaml:{extensions: {api_keys: {keys: [{key: secret-1}]}}, service: {extensions: [api_keys, health_check, query_api]}}'
    collector = await startTestCollector({ config: [keys] })
  })
  afterAll(() => collector.dispose())

  it('needs only Turret’s address as its base URL, and an API key as its secret key', async () => {
    const url = `${collector.url}/api/public/otel/v1/traces`
    const attributes = Object.entries({
      'langfuse.observation.type': 'generation',
      'langfuse.observation.input': '{"messages":[{"role":"user","content":"Does Langfuse work?"}]}',
      'session.id': 's-1',
    }).map(([key, stringValue]) => ({ key, value: { stringValue } }))
    const basic = (secret: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(`pk:${secret}`).toString('base64')}` })

    const refused = await post(url, 'json', jsonTraces([jsonSpan({ attributes })]), basic('wrong'))
    const accepted = await post(url, 'json', jsonTraces([jsonSpan({ attributes })]), basic('secret-1'))
    await collector.stored()

    expect([refused.status, refused.rpcStatus.code, accepted.status]).toEqual([401, 16, 200])
    expect(await collector.db.query('SELECT SessionId, Text FROM events FINAL')).toEqual([
      { SessionId: 's-1', Text: 'Does Langfuse work?' },
    ])
  })
})
