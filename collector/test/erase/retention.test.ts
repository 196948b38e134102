import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsAnswer } from '../../src/query/contract/sessions.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const dayMs = 86_400_000

describe('the retention of a project', () => {
  let collector: TestCollector

  beforeAll(async () => {
    const keys = 'yaml:extensions::api_keys::keys: [{key: a, project: a, scopes: [admin]}, {key: b, project: b, scopes: [admin]}]'
    collector = await startTestCollector({ config: [keys, 'yaml:service::extensions: [api_keys, query_api]'] })
  })
  afterAll(() => collector.dispose())

  it('deletes what is older, in that project alone, and is remembered', async () => {
    for (const key of ['a', 'b']) {
      const events = [1, 10, 40].map((days) => ({
        name: 'chat',
        metadata: { prompt: `said ${days} days ago` },
        session_id: `s${days}`,
        timestamp: new Date(Date.now() - days * dayMs).toISOString(),
      }))
      expect((await collector.post('/track', events, { 'x-api-key': key })).status).toBe(200)
    }
    await collector.stored()
    await eventually(async () => expect(await textsOf('a')).toHaveLength(3))

    expect(await project('a', { retention_days: 30 })).toEqual({ project: 'a', retention_days: 30 })

    expect(await textsOf('a')).toEqual(['said 1 days ago', 'said 10 days ago'])
    expect(await textsOf('b')).toHaveLength(3)
    expect(await project('a')).toEqual({ project: 'a', retention_days: 30 })
    expect(await project('b')).toEqual({ project: 'b', retention_days: 0 })
  })

  async function textsOf(key: string): Promise<string[]> {
    const { events } = (await collector.get('/api/v1/events?from=now-90d', { 'x-api-key': key })).body as EventsAnswer
    return events.map(({ text }) => text).sort()
  }

  async function project(key: string, patch?: object): Promise<unknown> {
    const response = await fetch(`${collector.url}/api/v1/project`, {
      method: patch === undefined ? 'GET' : 'PATCH',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      ...(patch !== undefined && { body: JSON.stringify(patch) }),
    })
    return response.json()
  }
})
