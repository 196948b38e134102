import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventsAnswer } from '../../src/query/contract/sessions.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const protobuf = { 'content-type': 'application/x-protobuf' }

describe('what the collector answers to bad input', () => {
  let collector: TestCollector

  beforeAll(async () => {
    collector = await startTestCollector()
  })
  afterAll(() => collector.dispose())

  it.each([
    ['/track', '{"name":"x","metadata":', 400, 'INVALID_REQUEST', /not valid JSON: error at position 23/],
    ['/track', '{"name":"x"}', 400, 'MISSING_REQUIRED_FIELD', /^metadata is required/],
    ['/track', '{"metadata":{"a":"b"}}', 400, 'MISSING_REQUIRED_FIELD', /^name is required/],
    ['/track', '{"name":"x","metadata":"text"}', 400, 'INVALID_REQUEST', /^metadata: expected an object/],
    ['/track', '{"name":"x","metadata":{}}', 400, 'INVALID_REQUEST', /^metadata is empty/],
    ['/track', `{"name":"x","metadata":{"prompt":"${'x'.repeat(140_000)}"}}`, 413, 'TEXT_TOO_LONG', /^metadata.prompt: 140000 bytes/],
    ['/track', Buffer.alloc(21 * 1024 * 1024, 32), 413, 'BODY_TOO_LARGE', /larger than/],
    ['/nowhere', '{}', 404, 'NOT_FOUND', /no such path; there are/],
  ])('%s answers bad body %# with a code and what to do', async (path, body, status, code, message) => {
    const answer = await collector.post(path, body)

    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ success: false, code, error: expect.stringMatching(message) as string })
  })

  it('answers broken protobuf and a gzip bomb with a Status in the caller’s encoding', async () => {
    const broken = await fetch(`${collector.url}/v1/traces`, { method: 'POST', headers: protobuf, body: Buffer.from([10, 200, 1, 1]) })
    const bomb = await fetch(`${collector.url}/v1/traces`, {
      method: 'POST',
      headers: { ...protobuf, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(100 * 1024 * 1024)),
    })

    expect(broken.status).toBe(400)
    expect(broken.headers.get('content-type')).toBe('application/x-protobuf')
    expect(bomb.status).toBe(413)
  })

  it('stores prompts with blank lines, quotes, NUL, emoji and 100 kB as they are', async () => {
    const texts = [
      'line one\n\nDROP TABLE events',
      `it's "quoted" \\ and \`ticked\``,
      'nul \0 inside',
      'emoji 👩‍👩‍👧 and العربية',
      `long ${'palabra '.repeat(12_500)}`,
    ]

    const answer = await collector.post(
      '/track',
      texts.map((prompt) => ({ name: 'chat', metadata: { prompt }, session_id: 'odd-texts' })),
    )
    await collector.stored()

    expect(answer.status).toBe(200)
    await eventually(async () => {
      const { events } = (await collector.get('/api/v1/events?session_id=odd-texts')).body as EventsAnswer
      expect(events.map(({ text }) => text).sort()).toEqual([...texts].sort())
    })
  })

  it('asks for a key once one exists, and says which scope is missing', async () => {
    const admin = await collector.post('/api/v1/keys', { project: 'default', name: 'first' })
    const adminKey = admin.body['key'] as string
    const ingest = await collector.post('/api/v1/keys', { project: 'default', scopes: ['ingest'] }, { 'x-api-key': adminKey })
    const ingestKey = ingest.body['key'] as string
    const event = { name: 'chat', metadata: { prompt: 'hello there' } }

    expect((await collector.post('/track', event)).body).toMatchObject({ code: 'INVALID_API_KEY' })
    expect((await collector.post('/track', event, { 'x-api-key': 'wrong' })).status).toBe(401)
    expect((await collector.post('/track', event, { authorization: `Bearer ${ingestKey}` })).status).toBe(200)
    expect((await collector.get('/api/v1/topics', { 'x-api-key': ingestKey })).status).toBe(403)
    expect((await collector.get('/api/v1/topics', { 'x-api-key': adminKey })).status).toBe(200)
    expect(admin.body['scopes']).toEqual(['ingest', 'read', 'admin'])

    const revoked = await fetch(`${collector.url}/api/v1/keys/${ingest.body['key_id'] as string}`, {
      method: 'DELETE',
      headers: { 'x-api-key': adminKey },
    })
    expect(revoked.status).toBe(200)
    expect((await collector.post('/track', event, { 'x-api-key': ingestKey })).status).toBe(401)
  })
})
