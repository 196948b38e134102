/** What arrives late changes the events that are stored already: nothing is lost, nothing counted twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultExtractOptions } from '../../src/extract/extract-turns.ts'
import { type TestSpan, logsRequest, tracesRequest } from '../otlp.ts'
import { agent, call } from '../extract/spans.ts'
import { type Stage, type TestDatabase, openTestDatabase, readEvents, startStage } from './stage.ts'

const chat = [['user', 'Where is my parcel?']] as const
const traceId = 'b'.repeat(32)
const at = (ms: number): TestSpan => ({ traceId, startMs: 1_790_000_000_000 + ms, endMs: 1_790_000_000_100 + ms })
const question = tracesRequest([call(chat, at(0))])
const session = tracesRequest([agent([], { 'ai.settings.context.sessionId': 's-1', 'ai.settings.context.userId': 'u-1' }, { traceId })])
const record = (eventName: string, content: string, timeMs: number) => ({
  traceId,
  spanId: 'e'.repeat(16),
  eventName,
  body: { content },
  timeMs,
})
const spoken = logsRequest([record('gen_ai.user.message', 'Where is my parcel?', 1_790_000_000_000)])
const span = tracesRequest([
  {
    ...at(0),
    spanId: 'e'.repeat(16),
    status: { code: 2 },
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 21 },
  },
])
const atHome = {
  SessionId: 's-1',
  SessionSource: 'ai.settings.context.sessionId',
  UserId: 'u-1',
  Text: 'Where is my parcel?',
  InputTokens: 10,
}

describe('late parts of a trace', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase()
  })
  afterAll(() => database.close())

  /** Each request in a segment of its own; the stage ends after the last, or crashes and starts again between any two. */
  async function afterRequests(project: string, requests: readonly ((stage: Stage) => Promise<unknown>)[], crashing = false) {
    let stage = await startStage(database)
    for (const [i, request] of requests.entries()) {
      await request(stage)
      await stage.stored()
      if (!crashing || i === requests.length - 1) continue
      await stage.crash()
      stage = await startStage(database)
    }
    await stage.end()
    return readEvents(database.db, project)
  }
  const traces = (project: string, body: Buffer) => (stage: Stage) => stage.ingest.traces(project, body)
  const logs = (project: string, body: Buffer) => (stage: Stage) => stage.ingest.logs(project, body)

  it.each([
    ['after', [question, session]],
    ['before', [session, question]],
  ])('move an event to the session that came %s it', async (order, bodies) => {
    for (const crashing of [false, true]) {
      const project = `session ${order} ${crashing}`

      const events = await afterRequests(
        project,
        bodies.map((body) => traces(project, body)),
        crashing,
      )

      expect(events).toMatchObject([atHome])
      expect(events).toHaveLength(1)
    }
  })

  it('give an event the scores of users, whenever they come', async () => {
    const scored = tracesRequest([{ ...call(chat, at(0)), spanId: 'e'.repeat(16) }])
    const score = (value: number, timeMs: number): Buffer => {
      const attributes = { 'gen_ai.evaluation.name': 'user_feedback', 'gen_ai.evaluation.score.value': value }
      return logsRequest([{ ...record('gen_ai.evaluation.result', '', timeMs), attributes }])
    }
    const [early, late] = [score(0.5, 1_790_000_900_000), score(0.9, 1_790_000_950_000)]
    for (const crashing of [false, true]) {
      const orders: Record<string, (project: string) => ReturnType<typeof traces>[]> = {
        'score first': (project) => [logs(project, early), traces(project, scored)],
        'score later': (project) => [traces(project, scored), logs(project, early)],
        'two scores': (project) => [traces(project, scored), logs(project, early), logs(project, late)],
      }
      for (const [name, order] of Object.entries(orders)) {
        const project = `${name} ${crashing}`
        const events = await afterRequests(project, order(project), crashing)

        const wanted = name === 'two scores' ? '0.9' : '0.5'
        expect(events).toMatchObject([{ Text: 'Where is my parcel?', InputTokens: 10, Fields: { 'evaluation.user_feedback': wanted } }])
        expect(events).toHaveLength(1)
      }
    }
  })

  it('give an event from log records the numbers of its span, in either order, and across a crash', async () => {
    for (const [i, crashing] of [false, true, false, true].entries()) {
      const project = `logs ${i}`
      const both = [logs(project, spoken), traces(project, span)]

      const events = await afterRequests(project, i < 2 ? both : both.reverse(), crashing)

      expect(events).toMatchObject([{ Text: 'Where is my parcel?', Model: 'm', InputTokens: 21, IsError: 1 }])
      expect(events).toHaveLength(1)
    }
  })

  it('join the message, the answer and the span of one call that come in three requests', async () => {
    const answer = logsRequest([{ ...record('gen_ai.choice', '', 1_790_000_000_090), body: { message: { content: 'In Bern.' } } }])

    const events = await afterRequests('three', [logs('three', spoken), logs('three', answer), traces('three', span)])

    expect(events).toMatchObject([{ Text: 'Where is my parcel?', Answer: 'In Bern.', Model: 'm', InputTokens: 21 }])
  })

  it('keep one event of a turn that is told again, with all that both tellings know', async () => {
    const loop = [...chat, ['assistant', ''], ['tool', 'in Bern']] as const
    const retry = tracesRequest([call(chat, { ...at(500), answer: 'Wait.' })])
    const end = tracesRequest([call(loop, { ...at(1000), answer: 'In Bern.' })])

    const events = await afterRequests(
      'again',
      [question, retry, end].map((body) => traces('again', body)),
      true,
    )

    expect(events).toMatchObject([{ Answer: 'In Bern.', InputTokens: 30 }])
    expect(events).toHaveLength(1)
  })

  it('go on with a turn of another trace of the session, the last one with the same words', async () => {
    const own = { attributes: { 'session.id': 's-2' } }
    const earlier = call(chat, { ...at(-90_000), traceId: '5'.repeat(32), ...own, answer: 'In Chur.' })
    const opening = call(chat, { ...at(0), traceId: '6'.repeat(32), ...own, tool: 'find_parcel' })
    const loop = [...chat, ['assistant', ''], ['tool', 'in Bern']] as const
    const end = call(loop, { ...at(1000), traceId: '7'.repeat(32), ...own, answer: 'In Bern.' })

    const events = await afterRequests(
      'loop',
      [[earlier], [opening], [end]].map((spans) => traces('loop', tracesRequest(spans))),
      true,
    )

    expect(events.map(({ Answer, InputTokens }) => ({ Answer, InputTokens }))).toEqual([
      { Answer: 'In Chur.', InputTokens: 10 },
      { Answer: 'In Bern.', InputTokens: 20 },
    ])
  })

  it('let the call take the place of the span around it', async () => {
    const around = tracesRequest([agent([['user', 'parcel?']], { 'gen_ai.agent.name': 'support' }, { traceId })])

    const events = await afterRequests(
      'agent',
      [around, question].map((body) => traces('agent', body)),
    )

    expect(events.map(({ Text, Name }) => ({ Text, Name }))).toEqual([{ Text: 'Where is my parcel?', Name: 'support' }])
  })

  it('change nothing that is settled: topic and text hash stay, and no row is written twice', async () => {
    const stage = await startStage(database)
    await stage.ingest.traces('calm', question)
    await stage.stored()
    await stage.ingest.traces('calm', session)
    await stage.end()
    const again = await startStage(database)
    await again.ingest.traces('other', tracesRequest([call(chat, { traceId: 'c'.repeat(32) })]))
    await again.end()

    expect((await again.metrics.settledRows.get()).values.map(({ value }) => value)).toEqual([0])
    const [event] = await database.db.query(
      `SELECT toUInt8(AnchorId) AS anchor, Sentiment, Similarity FROM events FINAL WHERE Project = 'calm'`,
    )
    expect(event).toEqual({ anchor: 7, Sentiment: 0.25, Similarity: 0.5 })
  })

  it('of a request that is sent again after a restart add nothing', async () => {
    const track = tracesRequest([
      { ...at(0), spanId: 'f'.repeat(16), attributes: { 'turret.event.name': 'x', 'turret.metadata.prompt': 'a b', 'session.id': 's' } },
    ])
    const later = tracesRequest([
      { ...at(9), spanId: 'f'.repeat(16), attributes: { 'turret.event.name': 'x', 'turret.metadata.prompt': 'a b', 'session.id': 's' } },
    ])

    expect(
      await afterRequests(
        'twice',
        [track, later].map((body) => traces('twice', body)),
        true,
      ),
    ).toHaveLength(1)
  })

  it('keep hash and length, and neither text nor raw span, when content must not be kept', async () => {
    const stage = await startStage(database, { ...defaultExtractOptions, storeContent: false })
    await stage.ingest.traces('silent', tracesRequest([call(chat, { ...at(0), answer: 'In Bern.' })]))
    await stage.stored()
    await stage.ingest.traces('silent', session)
    await stage.end()

    expect(await readEvents(database.db, 'silent')).toMatchObject([{ Text: '', TextLength: 19, Answer: '', SessionId: 's-1' }])
    const rows = await database.db.query(`SELECT toString(TextHash) AS hash FROM events FINAL WHERE Project = 'silent' AND TextHash != 0`)
    expect(rows).toHaveLength(1)
    expect(await database.db.query(`SELECT 1 FROM otel_traces WHERE Project = 'silent'`)).toEqual([])
  })
})
