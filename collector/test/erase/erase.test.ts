import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import type { EraseAnswer } from '../../src/query/contract/erase.ts'
import type { EventsAnswer } from '../../src/query/contract/sessions.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { encodeEntry } from '../../src/spool/entry.ts'
import { logsRequest, tracesRequest } from '../otlp.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { tablesThatHold } from '../tables-that-hold.ts'

const turret = fileURLToPath(new URL('../../bin/turret.js', import.meta.url))
const planted = 'quokkazebra' // stands in everything that the erased user said, and nowhere else
const user = 'user/of planted@words'
const hourMs = 3600_000

describe('erasing a user', () => {
  let collector: TestCollector
  let before: TopicsAnswer
  let receipt: EraseAnswer

  beforeAll(async () => {
    collector = await startTestCollector()
    const endAt = new Date(Date.now() - hourMs)
    const others = [...generateConversations({ seed: 3, sessions: 250, startAt: new Date(endAt.getTime() - 24 * hourMs), endAt })]
    expect((await collector.post('/track', toTrackBodies(others))).status).toBe(200)
    const own = Array.from({ length: 120 }, (_, i) => ({
      name: 'chat',
      metadata: { prompt: `please calibrate the ${planted} telescope, attempt ${i % 60}`, plan: planted },
      session_id: `s-${planted}-${i % 7}`,
      user_id: user,
    }))
    expect((await collector.post('/track', own)).status).toBe(200)
    const span = {
      traceId: 'b'.repeat(32),
      startMs: endAt.getTime(),
      endMs: endAt.getTime() + 10,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `the ${planted} answer` }] }]),
        'session.id': 'genai',
        'user.id': user,
      },
    }
    const otherSpan = { traceId: 'c'.repeat(32), startMs: endAt.getTime(), attributes: { 'user.id': user, note: planted } }
    const protobuf = { 'content-type': 'application/x-protobuf' }
    expect((await collector.post('/v1/traces', tracesRequest([span, otherSpan]), protobuf)).status).toBe(200)
    const record = { traceId: 'b'.repeat(32), body: `log of ${planted}`, timeMs: endAt.getTime() }
    expect((await collector.post('/v1/logs', logsRequest([record]), protobuf)).status).toBe(200)
    await collector.stored()
    await plantDeadLetters(join(collector.dataDir, 'dead-letter'))
    before = await eventually(async () => {
      const answer = (await collector.get('/api/v1/topics?from=now-30d')).body as TopicsAnswer
      expect(answer.topics.length).toBeGreaterThan(3)
      expect(JSON.stringify(answer)).toContain(planted)
      expect(answer.total.events).toBe(others.flatMap(({ events }) => events).length + 121)
      return answer
    }, 40_000)

    const { stdout } = await promisify(execFile)(process.execPath, [turret, 'erase', '--user', user, '--json', '--url', collector.url])
    receipt = JSON.parse(stdout) as EraseAnswer
  }, 90_000)
  afterAll(() => collector.dispose())

  it('answers with a receipt of counts', () => {
    expect(receipt).toMatchObject({ success: true, events: 121, spans: 122, logs: 1, dead_letters: 2 })
    expect(receipt.samples).toBeGreaterThan(0)
    expect(receipt.topics).toBeGreaterThan(0)
  })

  it('leaves the words in no answer, and everybody else as they were', async () => {
    const after = (await collector.get('/api/v1/topics?from=now-30d')).body as TopicsAnswer
    const { events } = (await collector.get('/api/v1/events?from=now-30d&limit=5000')).body as EventsAnswer

    expect(JSON.stringify([after, events])).not.toContain(planted)
    expect(after.total.events).toBe(before.total.events - 121)
    expect(events).toHaveLength(after.total.events)
  })

  it('leaves the words in no table, saved state, spool or dead letter', async () => {
    await collector.stop()

    const found = await tablesThatHold(collector.dataDir, [planted, user])
    const files = await Promise.all(['spool', 'dead-letter'].map((folder) => readdir(join(collector.dataDir, folder))))

    expect(found).toEqual([])
    expect(files.flat().sort()).toEqual(['others.entry', 'others.reason.txt'])
  })
})

describe('erasing a session', () => {
  it('erases what waits in the spool, and leaves the user’s other sessions', async () => {
    const collector = await startTestCollector({
      config: ['yaml:processors::batch::timeout: 60s', 'yaml:exporters::clickhouse::spool::segment_age: 60s'],
    })
    try {
      const event = (session: string): object => ({
        name: 'chat',
        metadata: { prompt: `hello from ${session}` },
        session_id: session,
        user_id: 'u',
      })
      await collector.post('/track', [event('gone/1'), event('stays')])

      const response = await fetch(`${collector.url}/api/v1/sessions/${encodeURIComponent('gone/1')}`, { method: 'DELETE' })

      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ events: 1, spans: 1 })
      const { events } = (await collector.get('/api/v1/events?from=now-1d')).body as EventsAnswer
      expect(events.map(({ session_id }) => session_id)).toEqual(['stays'])
    } finally {
      await collector.dispose()
    }
  })

  it('is for the scope admin, and for the caller’s project alone', async () => {
    const keys = 'yaml:extensions::api_keys::keys: [{key: a, project: a, scopes: [ingest, read]}, {key: b, project: b, scopes: [admin]}]'
    const collector = await startTestCollector({ config: [keys, 'yaml:service::extensions: [api_keys, query_api]'] })
    try {
      const event = { name: 'chat', metadata: { prompt: 'hello' }, session_id: 's', user_id: 'u' }
      await collector.post('/track', event, { 'x-api-key': 'a' })
      await collector.stored()
      const erase = (key: string): Promise<Response> =>
        fetch(`${collector.url}/api/v1/sessions/s`, { method: 'DELETE', headers: { 'x-api-key': key } })

      expect((await erase('a')).status).toBe(403)
      expect(await (await erase('b')).json()).toMatchObject({ events: 0, spans: 0 })

      const { events } = (await collector.get('/api/v1/events?from=now-1d', { 'x-api-key': 'a' })).body as EventsAnswer
      expect(events).toHaveLength(1)
    } finally {
      await collector.dispose()
    }
  })
})

async function plantDeadLetters(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const entry = (bytes: Buffer): Buffer =>
    Buffer.concat(encodeEntry({ project: 'default', receivedAt: 1n, traces: bytes, events: Buffer.alloc(0) }))
  await writeFile(join(directory, 'theirs.entry'), entry(tracesRequest([{ attributes: { 'user.id': user, x: planted } }])))
  await writeFile(join(directory, 'theirs.reason.txt'), 'x\n')
  await writeFile(join(directory, 'torn.entry'), entry(tracesRequest([{ attributes: { 'session.id': `s-${planted}-1` } }])).subarray(3))
  await writeFile(join(directory, 'others.entry'), entry(tracesRequest([{ attributes: { 'user.id': 'somebody' } }])))
  await writeFile(join(directory, 'others.reason.txt'), 'x\n')
}
