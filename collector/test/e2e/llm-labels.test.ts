import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { type ModelServer, sendJson, startModelServer } from '../label/model-server.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const hourMs = 3600_000

describe('labels by a language model', () => {
  let server: ModelServer
  let collector: TestCollector

  const start = async (): Promise<void> => {
    const { dataDir } = collector ?? {}
    await collector?.stop()
    const llm = `{ base_url: "${server.baseURL}", model: test, monthly_budget_usd: 1 }`
    const config = [`yaml:connectors::topics::labels::llm: ${llm}`]
    collector = await startTestCollector({ ...(dataDir !== undefined && { dataDir }), config })
  }

  beforeAll(async () => {
    server = await startModelServer()
    server.misbehave = (response, groups) => (groups as unknown) === undefined && (sendJson(response, 404, {}), true) // asked about something else
    await start()
    const endAt = new Date(Date.now() - hourMs)
    const conversations = generateConversations({ seed: 4, sessions: 250, startAt: new Date(endAt.getTime() - 24 * hourMs), endAt })
    expect((await collector.post('/track', toTrackBodies(conversations).slice(0, 1000))).status).toBe(200)
    await collector.stored()
  })
  afterAll(async () => {
    await collector.dispose()
    await server.close()
  })

  /** About topics' labels. */
  const questions = (): string[] =>
    server.requests.filter((request) => JSON.stringify(request).includes('topic_labels')).map(({ messages }) => JSON.stringify(messages))

  const spent = async (): Promise<number> => {
    const [row] = await collector.db.query<{ Usd: number }>('SELECT sum(Cost) AS Usd FROM label_calls')
    return row!.Usd
  }

  it('are kept with what they cost: a restart asks nothing twice', { timeout: 60_000 }, async () => {
    await eventually(async () => {
      const { topics } = (await collector.get('/api/v1/topics?from=now-30d')).body as TopicsAnswer
      expect(topics.filter(({ label_source }) => label_source === 'llm').length).toBeGreaterThan(3)
    })
    await start()
    await eventually(async () => {
      const calls = questions().length
      expect(await spent()).toBeCloseTo(calls * (1000 * 0.4 + 200 * 1.6) * 1e-6, 9)
      expect(questions()).toHaveLength(calls)
    })

    expect(new Set(questions()).size).toBe(questions().length)
  })
})
