import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import { type RouteName, routes } from '../../src/query/contract/routes.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const hourMs = 3600_000
const [own, other] = [{ 'x-api-key': 'own' }, { 'x-api-key': 'other' }]

describe('a key of one project', () => {
  let collector: TestCollector
  let session: string
  let topic: string
  let words: string[]

  beforeAll(async () => {
    const keys =
      'yaml:extensions::api_keys::keys: [{key: own, project: own, scopes: [admin]}, {key: other, project: other, scopes: [admin]}]'
    collector = await startTestCollector({ config: [keys, 'yaml:service::extensions: [api_keys, query_api]'] })
    const endAt = new Date(Date.now() - hourMs)
    const sessions = [...generateConversations({ seed: 5, sessions: 120, startAt: new Date(endAt.getTime() - 24 * hourMs), endAt })]
    expect((await collector.post('/track', toTrackBodies(sessions), own)).status).toBe(200)
    const stranger = { name: 'chat', metadata: { prompt: 'something else entirely' }, session_id: 'other-session' }
    expect((await collector.post('/track', stranger, other)).status).toBe(200)
    await collector.stored()
    const { topics } = await eventually(async () => {
      const answer = (await collector.get('/api/v1/topics?from=now-30d', own)).body as TopicsAnswer
      expect(answer.topics.length).toBeGreaterThan(2)
      return answer
    }, 40_000)
    session = sessions[0]!.events[0]!.sessionId
    topic = topics[0]!.id
    words = [...new Set(sessions.flatMap(({ events }) => events.map(({ metadata }) => metadata.prompt)).filter((text) => text.length > 15))]
    words.push(topics[0]!.label, session, sessions[0]!.events[0]!.userId)
  })
  afterAll(() => collector.dispose())

  const reads = Object.entries(routes).filter(([, route]) => route.method === 'get') as [RouteName, { path: string }][]

  it.each(reads)('reads nothing of another project by %s', async (_name, { path }) => {
    const withIds = path.replace(':id', path.startsWith('/topics') ? topic : session)
    const query = `from=now-30d&topic_id=${topic}&topics=${topic},${topic}&steps=${topic},${topic}&session_id=${session}`
    for (const suffix of ['', '?from=now-30d', `?${query}`]) {
      const { body } = await collector.get(`/api/v1${withIds}${suffix}`, other)
      const text = JSON.stringify(body)

      expect(words.filter((word) => text.includes(JSON.stringify(word).slice(1, -1)))).toEqual([])
    }
  })

  it('changes and deletes nothing of another project', async () => {
    const before = JSON.stringify((await collector.get('/api/v1/topics?from=now-30d', own)).body)
    const { body: made } = await collector.post('/api/v1/keys', { project: 'own', name: 'theirs', scopes: ['read'] }, own)
    const attempts = [
      ['PATCH', `/topics/${topic}`, { label: 'taken over' }],
      ['POST', `/topics/${topic}/merge`, { topic_ids: [topic] }],
      ['DELETE', `/keys/${made['key_id'] as string}`, undefined],
      ['DELETE', `/sessions/${session}`, undefined],
    ] as const
    for (const [method, path, body] of attempts) {
      await fetch(`${collector.url}/api/v1${path}`, {
        method,
        headers: { ...other, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    }

    const after = JSON.stringify((await collector.get('/api/v1/topics?from=now-30d', own)).body)
    const { keys } = (await collector.get('/api/v1/keys', own)).body as { keys: { revoked_at: string | null }[] }

    expect(after).toBe(before)
    expect(keys.map(({ revoked_at }) => revoked_at)).toEqual([null])
  })

  it('makes no key for another project', async () => {
    const answer = await collector.post('/api/v1/keys', { project: 'own', name: 'stolen', scopes: ['read'] }, other)

    expect(answer.status).toBe(403)
  })

  it('makes no key at all without the scope admin', async () => {
    expect((await collector.post('/api/v1/keys', { project: 'own' })).status).toBe(401)
  })
})
