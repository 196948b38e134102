import { execFile } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import { type Client, createClient } from '../../src/query/client.ts'
import { type EmbeddingServer, type Misbehaviour, sendJson, sendVectors, startEmbeddingServer } from '../embed/embedding-server.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'

const turret = fileURLToPath(new URL('../../bin/turret.js', import.meta.url))
const hourMs = 3600_000
const waitMs = 90_000

async function send(collector: TestCollector, prompts: readonly string[]): Promise<void> {
  const bodies = prompts.map((prompt, i) => ({ name: 'chat', metadata: { prompt }, session_id: `s${i % 500}`, user_id: `u${i % 300}` }))
  for (let i = 0; i < bodies.length; i += 1000) {
    const { body } = await collector.post('/track', bodies.slice(i, i + 1000))
    expect(body['error']).toBeUndefined()
  }
  await collector.stored()
}

/** Main texts without an anchor, and all of them. */
async function countTexts(collector: TestCollector): Promise<{ Waiting: number; Stored: number }> {
  const [row] = await collector.db.query<{ Waiting: number; Stored: number }>(
    'SELECT countIf(AnchorId = 0) AS Waiting, count() AS Stored FROM events FINAL WHERE DimensionRank = 0',
  )
  return row!
}

describe('an embedding server that misbehaves', () => {
  let server: EmbeddingServer
  let collector: TestCollector
  const hanging: ServerResponse[] = []

  beforeAll(async () => {
    server = await startEmbeddingServer()
    const openai = `{ base_url: "${server.baseUrl}", model: test, dimensions: ${server.dimensions} }`
    collector = await startTestCollector({ config: [`yaml:connectors::topics::embedding: { provider: openai, openai: ${openai} }`] })
  })
  afterAll(async () => {
    await collector.dispose()
    await server.close()
  })

  const misbehaviours: [string, Misbehaviour][] = [
    ['answers with NaN', (response, _, vectors) => (sendVectors(response, [['NaN', ...vectors[0]!.slice(1)], ...vectors.slice(1)]), true)],
    [
      'answers with vectors of another width',
      (response, _, vectors) => (
        sendVectors(
          response,
          vectors.map((vector) => vector.slice(1)),
        ),
        true
      ),
    ],
    ['answers with HTML', (response) => (response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>'), true)],
    ['answers half a batch', (response, _, vectors) => (sendVectors(response, vectors.slice(0, vectors.length >> 1)), true)],
    ['hangs', (response) => hanging.push(response) > 0],
  ]

  it.each(misbehaviours)('that %s costs no message: topics come when it is well', { timeout: waitMs }, async (what, misbehave) => {
    const { Stored: before } = await countTexts(collector)
    server.misbehave = misbehave
    await send(
      collector,
      Array.from({ length: 30 }, (_, i) => `question ${i} about a server that ${what}`),
    )
    const meanwhile = await countTexts(collector)
    server.misbehave = () => false
    for (const response of hanging) response.destroy()

    expect(meanwhile).toEqual({ Waiting: 30, Stored: before + 30 })
    await eventually(async () => expect(await countTexts(collector)).toEqual({ Waiting: 0, Stored: before + 30 }), waitMs)
  })

  it('that refuses one text gives all others their vectors', { timeout: waitMs }, async () => {
    const refused = 'the one text that the server refuses'
    server.misbehave = (response, { input }) => input.includes(refused) && (sendJson(response, 400, { error: { message: 'no' } }), true)

    await send(collector, [
      'before the refused one',
      refused,
      ...Array.from({ length: 40 }, (_, i) => `after the refused one, number ${i}`),
    ])

    await eventually(async () => expect((await countTexts(collector)).Waiting).toBe(1), waitMs)
    const [left] = await collector.db.query<{ Text: string }>('SELECT Text FROM events FINAL WHERE AnchorId = 0 AND DimensionRank = 0')
    expect(left!.Text).toBe(refused)
  })

  it('is no reason not to start', { timeout: waitMs }, async () => {
    server.misbehave = (response) => hanging.push(response) > 0
    const { dataDir } = collector
    const openai = `{ base_url: "${server.baseUrl}", model: other, dimensions: ${server.dimensions} }`
    await collector.stop()

    collector = await startTestCollector({
      dataDir,
      config: [`yaml:connectors::topics::embedding: { provider: openai, openai: ${openai} }`],
    })

    await send(collector, ['a question while the server hangs'])
    expect((await collector.get('/api/v1/topics?from=now-1d')).status).toBe(200)
    expect(collector.log.filter((line) => line.includes('a question while'))).toEqual([])
  })
})

describe('odd texts', () => {
  let collector: TestCollector
  let client: Client

  beforeAll(async () => {
    collector = await startTestCollector()
    client = createClient({ url: collector.url })
  })
  afterAll(() => collector.dispose())

  it('three messages are no topic yet, and it is said how many more it takes', async () => {
    await send(collector, ['how do I get a refund', 'the app crashes', 'please translate this'])

    await eventually(async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [turret, 'topics', '--url', collector.url])
      expect(stdout).toContain('57 more messages until the first topics.')
    })
  })

  it('of one character, one emoji, 8 kB and ten languages are all kept, and topics are found all the same', async () => {
    const texts = [
      ...['a', '?', '🙂', '…', 'ß', '中', 'x'.repeat(8192), 'refund '.repeat(1170), '🙂'.repeat(2000), 'nul \0 inside'],
      ...['where is my refund', 'wo ist meine Rückerstattung', 'où est mon remboursement', 'dónde está mi reembolso', 'где мой возврат'],
      ...['私の返金はどこですか', '我的退款在哪里', 'أين استرداد أموالي', 'मेरा रिफंड कहाँ है', 'เงินคืนของฉันอยู่ที่ไหน', '제 환불은 어디에 있나요'],
    ]
    const endAt = new Date(Date.now() - hourMs)
    const conversations = generateConversations({ seed: 3, sessions: 200, startAt: new Date(endAt.getTime() - 24 * hourMs), endAt })
    const { Stored: before } = await countTexts(collector)
    const bodies = toTrackBodies(conversations)

    await send(collector, texts)
    expect((await collector.post('/track', bodies.slice(0, 1000))).status).toBe(200)
    await collector.stored()

    expect((await countTexts(collector)).Stored).toBe(before + texts.length + Math.min(1000, bodies.length))
    await eventually(async () => {
      const { topics } = await client.topics({ from: 'now-30d' })
      expect(topics.length).toBeGreaterThan(5)
    })
  })

  it('a text of which the embedding knows nothing is unclustered, says why, and waits for nothing', async () => {
    await send(collector, ['🙂🙂🙂'])

    await eventually(async () => {
      const rows = await collector.db.query<{ SessionId: string }>(
        `SELECT SessionId FROM events FINAL WHERE Text = '🙂🙂🙂' AND AnchorId != 0`,
      )
      expect(rows).toHaveLength(1)
    })
    const { events } = await client.session('s0')
    expect(events.find(({ text }) => text === '🙂🙂🙂')).toMatchObject({ topic_id: '0'.repeat(16), why: { reason: 'no_vector' } })
    expect((await client.overview()).pending_events).toBe(0)
    await eventually(async () => {
      const metrics = await (await fetch(`${collector.url}/metrics`)).text()
      expect(/^turret_topics_waiting_messages (\d+)$/m.exec(metrics)?.[1]).toBe('0')
      expect(/^turret_topics_oldest_waiting_seconds (\d+)$/m.exec(metrics)?.[1]).toBe('0')
      expect(/^turret_topics_texts_without_vector\{reason="unknown"\} (\d+)$/m.exec(metrics)?.[1]).toMatch(/^[1-9]/)
    })
  })

  it('ten thousand copies of one text are in one topic, whose twins all are there', { timeout: waitMs }, async () => {
    await send(
      collector,
      Array.from({ length: 10_000 }, () => 'how do I change my delivery address'),
    )

    await eventually(async () => {
      const rows = await collector.db.query<{ Anchors: number; Waiting: number; Copies: number }>(
        `SELECT uniqExact(AnchorId) AS Anchors, countIf(AnchorId = 0) AS Waiting, count() AS Copies FROM events FINAL
         WHERE Text = 'how do I change my delivery address'`,
      )
      expect(rows).toEqual([{ Anchors: 1, Waiting: 0, Copies: 10_000 }])
    }, 60_000)
    const { topics, total } = await client.topics({ from: 'now-30d' })
    expect(topics.filter(({ events }) => events >= 10_000)).toHaveLength(1)
    expect(topics.length).toBeGreaterThan(5)
    expect(total.events).toBe((await countTexts(collector)).Stored)
  })
})
