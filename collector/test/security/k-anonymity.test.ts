/** Making keys with k-anonymity, in a running collector. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestCollector, startTestCollector } from '../running-collector.ts'

describe('a key with k-anonymity', () => {
  let collector: TestCollector
  let admin: Record<string, string>
  const read = { project: 'default', scopes: ['read'] }

  beforeAll(async () => {
    collector = await startTestCollector()
  })
  afterAll(() => collector.dispose())

  it('is not the first key, which may do everything', async () => {
    const first = await collector.post('/api/v1/keys', { ...read, k_anonymity: 5 })

    expect(first.status).toBe(400)
    expect(first.body).toMatchObject({ code: 'INVALID_REQUEST', error: expect.stringContaining('k_anonymity: the first key') })
    admin = { 'x-api-key': (await collector.post('/api/v1/keys', { project: 'default' })).body['key'] as string }
  })

  it.each([
    [{ scopes: ['read', 'ingest'] }, 'expected the scope read alone'],
    [{ scopes: ['admin'] }, 'expected the scope read alone'],
    [{ k_anonymity: 1 }, 'k_anonymity'],
    [{ k_anonymity: 101 }, 'k_anonymity'],
  ])('is refused with %j', async (given, message) => {
    const answer = await collector.post('/api/v1/keys', { ...read, k_anonymity: 5, ...given }, admin)

    expect(answer.status).toBe(400)
    expect(answer.body['error']).toContain(message)
  })

  it('shows no session, and is listed with its number', async () => {
    const event = { name: 'chat', metadata: { prompt: 'where is my parcel' }, session_id: 's', user_id: 'u' }
    await collector.post('/track', event, admin)
    const { key, key_id } = (await collector.post('/api/v1/keys', { ...read, k_anonymity: 5 }, admin)).body
    await collector.stored()
    const headers = { 'x-api-key': key as string }

    expect((await collector.get('/api/v1/sessions/s', admin)).status).toBe(200)
    expect((await collector.get('/api/v1/sessions/s', headers)).status).toBe(403)
    expect((await collector.get('/api/v1/topics', headers)).body).toMatchObject({ code: 'TOO_FEW_USERS' })
    expect((await collector.get('/api/v1/keys', headers)).status).toBe(403)
    expect((await collector.post('/track', event, headers)).status).toBe(403)
    expect((await collector.get('/api/v1/keys', admin)).body).toMatchObject({ keys: [{ k_anonymity: 0 }, { key_id, k_anonymity: 5 }] })
  })
})
