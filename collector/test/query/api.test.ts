import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createQueryApp } from '../../src/query/app.ts'
import { ClientError, createClient, streamList } from '../../src/query/client.ts'
import type { ApiError } from '../../src/query/contract/common.ts'
import { routes } from '../../src/query/contract/routes.ts'
import type { EventsAnswer, SessionAnswer, SessionsAnswer } from '../../src/query/contract/sessions.ts'
import type { OverviewAnswer, SegmentsAnswer } from '../../src/query/contract/segments.ts'
import type { TopicDetail, TopicsAnswer } from '../../src/query/contract/topics.ts'
import { classifyFields } from '../../src/query/fields.ts'
import { CollectorError } from '../../src/errors.ts'
import {
  idleMs,
  insertEvents,
  insertTopics,
  now,
  openTestApi,
  openTestDatabase,
  subtopic,
  type TestApi,
  type TestDatabase,
  topic,
  topicNumber,
} from './support.ts'

const hour = 3600

describe('the query API over a small project', () => {
  let database: TestDatabase
  let api: TestApi

  beforeAll(async () => {
    database = await openTestDatabase()
    const { db } = database
    api = openTestApi(db)
    await insertTopics(db, 4)
    const events = Array.from({ length: 120 }, (_, i) => ({
      session: `s${i % 30}`,
      id: `event-${String(i).padStart(3, '0')}`,
      user: `user-${i % 10}`,
      anchor: (i % 4) + 1,
      ago: (120 - i) * hour,
      name: i % 2 === 0 ? 'chat' : `it's "search"; DROP TABLE events`,
      error: i % 10 === 0,
      fields: {
        plan: i % 3 === 0 ? 'pro' : 'free',
        seats: String(i),
        request: `${i.toString(16).padStart(8, '0')}-aaaa-4bbb-8ccc-dddddddddddd`,
        'odd, key': 'a,b',
      },
    }))
    await insertEvents(db, events)
    await insertEvents(db, [
      {
        session: 's0',
        id: 'event-000',
        ago: 120 * hour,
        anchor: 1,
        user: 'user-0',
        version: 2,
        text: 'the newer version',
        fields: { plan: 'pro' },
      },
      { session: 'gone', id: 'gone', ago: hour, version: 1 },
      { session: 'gone', id: 'gone', ago: hour, version: 2, deleted: true },
      { session: 'other', ago: hour, project: 'another' },
      { session: 's1', id: 'event-001', ago: 119 * hour, anchor: 2, dimension: 'subject', rank: 1, user: 'user-1' },
    ])
    await classifyFields(db, 'default')
  })
  afterAll(() => database.close())

  it('counts the newest version of each event of its project', async () => {
    const answer = await api.get<TopicsAnswer>('/topics')

    expect(answer.total).toEqual({ events: 120, sessions: 30, users: 10 })
    expect(answer.topics.map(({ id, label, events }) => [id, label, events])).toEqual([1, 2, 3, 4].map((n) => [topic(n), `topic ${n}`, 30]))
    expect(answer.unclustered.events).toBe(0)
  })

  it('gives each topic a trend that sums up to its events', async () => {
    const { topics, buckets } = await api.get<TopicsAnswer>('/topics')

    for (const row of topics) expect([row.trend.length, row.trend.reduce((a, b) => a + b)]).toEqual([buckets.length, row.events])
  })

  it('keeps hidden, cut and unfound topics in other', async () => {
    const answer = await api.get<TopicsAnswer>('/topics?search=topic 2&limit=1')

    expect(answer.topics.map((row) => row.label)).toEqual(['topic 2'])
    expect(answer.other).toEqual({ topics: 3, events: 90 })
  })

  it('tells all of one topic', async () => {
    const answer = await api.get<TopicDetail>(`/topics/${topic(1)}`)

    expect(answer).toMatchObject({ id: topic(1), events: 30, share: 0.25, children: [subtopic(1)], redirected_from: null })
    // 4, 8 … 116 of 1 … 119: the newer version of event 0 has no seats
    expect(answer.numbers).toEqual([{ field: 'seats', events: 29, mean: 60, mean_of_all: 60 }])
  })

  it('pages through all events, newest first, each once', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const answer: EventsAnswer = await api.get(`/events?limit=50${cursor && `&cursor=${cursor}`}`)
      expect(answer.total.events).toBe(120)
      seen.push(...answer.events.map((event) => event.event_id))
      cursor = answer.next_cursor
    }

    expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => `event-${String(119 - i).padStart(3, '0')}`))
  })

  it('pages through all sessions in any order', async () => {
    for (const sort of ['last_activity', 'turns', 'topics', 'errors', 'tokens', 'cost']) {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const answer: SessionsAnswer = await api.get(`/sessions?limit=13&sort=${sort}&order=asc${cursor && `&cursor=${cursor}`}`)
        seen.push(...answer.sessions.map((session) => session.session_id))
        cursor = answer.next_cursor
      }
      expect(new Set(seen).size).toBe(30)
      expect(seen).toHaveLength(30)
    }
  })

  it('shows one session as a transcript', async () => {
    const answer = await api.get<SessionAnswer>('/sessions/s0')

    expect(answer).toMatchObject({
      session_id: 's0',
      user_id: 'user-0',
      state: 'ended',
      turns: 4,
      topics: 2,
      path: [topic(1), topic(3), topic(1), topic(3)],
    })
    expect(answer.events.map((event) => event.text)[0]).toBe('the newer version')
    expect(answer.events[0]?.why).toMatchObject({ similarity: expect.closeTo(0.9), second_topic_id: null, nearest: [] })
  })

  it('finds sessions that took a similar way', async () => {
    const answer = await api.get<SessionsAnswer>('/sessions?like=s0&limit=3')

    expect(answer.sessions.map((session) => [...session.path].sort())).toEqual(
      Array.from({ length: 3 }, () => [topic(1), topic(1), topic(3), topic(3)]),
    )
    expect(answer.sessions.some((session) => session.session_id === 's0')).toBe(false)
  })

  it('obeys every filter on every list', async () => {
    const counts = async (query: string): Promise<number[]> => {
      const [topics, events, sessions, segments] = await Promise.all([
        api.get<TopicsAnswer>(`/topics?${query}`),
        api.get<EventsAnswer>(`/events?${query}&limit=5000`),
        api.get<SessionsAnswer>(`/sessions?${query}`),
        api.get<SegmentsAnswer>(`/segments?${query}`),
      ])
      expect(events.events).toHaveLength(events.total.events)
      return [topics.total.events, events.total.events, sessions.total.events, segments.total.events]
    }
    const name = encodeURIComponent(`it's "search"; DROP TABLE events`)

    expect(await counts('segment.plan=pro')).toEqual([40, 40, 40, 40])
    expect(await counts('segment.odd%2C+key=a%5C%2Cb')).toEqual([119, 119, 119, 119])
    expect(await counts(`name=${name}`)).toEqual([60, 60, 60, 60])
    expect(await counts('user_id=user-1,user-2')).toEqual([24, 24, 24, 24])
    expect(await counts('range.seats=10..19')).toEqual([10, 10, 10, 10])
    expect(await counts('from=now-12h&to=now-2h')).toEqual([10, 10, 10, 10])
    expect(await counts('session_id=s3')).toEqual([4, 4, 4, 4])
    expect(await counts('dimension=subject')).toEqual([1, 1, 1, 1])
    expect(await counts(`session_id=s0&topic_id=${topic(1)}`)).toEqual([2, 2, 4, 2]) // a session stays whole
    expect(await counts(`user_id=${Array.from({ length: 499 }, (_, i) => `nobody-${i}`).join()},user-3`)).toEqual([12, 12, 12, 12])
  })

  it('classifies fields and offers only enums and numbers', async () => {
    const { fields, dimensions } = await api.get<SegmentsAnswer>('/segments')
    const kinds = Object.fromEntries(fields.map((field) => [field.field, field.kind]))

    expect(kinds).toEqual({ plan: 'enum', seats: 'number', request: 'text', 'odd, key': 'enum' })
    expect(fields.find((field) => field.field === 'plan')).toMatchObject({
      values: [
        { value: 'free', events: 80 },
        { value: 'pro', events: 40 },
      ],
      other: { values: 0, events: 0 },
    })
    expect(fields.find((field) => field.field === 'seats')?.range).toEqual({ min: 1, max: 119, mean: 60 })
    expect(dimensions).toEqual([
      { dimension: 'prompt', events: 120 },
      { dimension: 'subject', events: 1 },
    ])
  })

  it('lets a person overrule the kind of a field, also against the next look', async () => {
    const patch = (kind: string | null) => api.fetch('/segments/plan', { method: 'PATCH', body: JSON.stringify({ kind }) })

    expect(await (await patch('text')).json()).toMatchObject({ field: 'plan', kind: 'text', override: 'text' })
    await classifyFields(database.db, 'default')
    expect((await api.get<SegmentsAnswer>('/segments')).fields.find((field) => field.field === 'plan')).toMatchObject({
      kind: 'text',
      values: [],
    })
    expect(await (await patch(null)).json()).toMatchObject({ kind: 'enum', override: null })
  })

  it('names every fault of a request', async () => {
    const response = await api.fetch('/topics?form=now-7d&level=subject&segment.plam=pro&limit=0')
    const { code, faults } = (await response.json()) as ApiError

    expect([response.status, code]).toEqual([400, 'INVALID_REQUEST'])
    expect(faults?.map((fault) => fault.path).sort()).toEqual(['form', 'level', 'limit'])
    expect(faults?.find((fault) => fault.path === 'form')?.message).toContain('did you mean from')
  })

  it('names the known fields when a filter names another', async () => {
    const response = await api.fetch('/journeys?segment.plam=pro&range.seats=1..')
    const { faults } = (await response.json()) as ApiError

    expect(faults).toEqual([
      { path: 'segment.plam', message: 'unknown field, did you mean plan; known fields are odd, key, plan, request, seats' },
    ])
  })

  it('tells apart what is wrong with a range, a cursor and a drill-down', async () => {
    for (const [path, fault] of [
      ['/events?range.seats=abc', 'range.seats'],
      ['/events?cursor=abc', 'cursor'],
      ['/events?from=yesterday', 'from'],
      ['/sessions?journey=follow_ups', 'at'],
      ['/topics/xyz', 'id'],
    ] as const) {
      const { faults } = (await (await api.fetch(path)).json()) as ApiError
      expect(faults?.[0]?.path).toBe(fault)
    }
  })

  it('answers lists as NDJSON and CSV', async () => {
    const ndjson = await (await api.fetch('/events?limit=2', { headers: { accept: 'application/x-ndjson' } })).text()
    const csv = await (await api.fetch('/topics', { headers: { accept: 'text/csv' } })).text()

    expect(
      ndjson
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event_id: string }).event_id),
    ).toEqual(['event-119', 'event-118'])
    expect(csv.split('\r\n')[0]).toContain('id,label,description')
    expect((await api.fetch('/journeys', { headers: { accept: 'text/csv' } })).status).toBe(406)
  })

  it('does not send again what the client has', async () => {
    const first = await api.fetch('/segments')
    const second = await api.fetch('/segments', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })

    expect([first.status, second.status]).toEqual([200, 304])
  })

  it('describes the project', async () => {
    expect(await api.get<OverviewAnswer>('/overview')).toMatchObject({
      version: '1.2.3',
      project: 'default',
      total: { events: 120, sessions: 30, users: 10 },
      topics: 4,
      active_sessions: 0,
      session_sources: [{ source: 'session.id', events: 120 }],
    })
  })

  it('follows ids of merged topics', async () => {
    const { db } = database
    const row = {
      Project: 'default',
      Level: 'topic',
      Label: 'old',
      State: 'retired',
      TopicId: topicNumber(9),
      RedirectTo: topicNumber(1),
      Version: 2,
    }
    await db.insertRows('topics', [row], { token: 'merged' })
    await insertEvents(db, [{ session: 'late', ago: 5 * hour, arrivalTopic: topicNumber(9), project: 'default' }])

    expect(await api.get<TopicDetail>(`/topics/${topic(9)}`)).toMatchObject({ id: topic(1), events: 31, redirected_from: topic(9) })
    await insertEvents(db, [])
  })

  it('refuses whom the keys refuse', async () => {
    const closed = openTestApi(database.db, {
      authenticate: (_headers, scope) => {
        throw new CollectorError(scope === 'admin' ? 'FORBIDDEN' : 'INVALID_API_KEY', 'no')
      },
    })

    expect((await closed.fetch('/topics')).status).toBe(401)
    expect((await closed.fetch('/keys')).status).toBe(403)
  })

  it('stops a query at its limits and says what to do', async () => {
    const slow = openTestApi(database.db, { limits: { timeoutMs: 30_000, maxMemoryBytes: 1000 } })

    const response = await slow.fetch('/topics')

    expect([response.status, ((await response.json()) as ApiError).code]).toEqual([422, 'QUERY_TOO_EXPENSIVE'])
  })

  it('is reached through the typed client', async () => {
    const app = createQueryApp({
      db: database.db,
      now: () => now,
      idleMs,
      version: '1',
      authenticate: () => ({ project: 'default', keyId: 't' }),
    })
    const options = { url: 'http://turret', fetch: async (url: unknown, init?: RequestInit) => app.request(url as string, init) }
    const client = createClient(options)

    expect((await client.topics({ segments: { 'odd, key': ['a,b'] }, from: 'now-7d' })).total.events).toBe(119)
    expect((await client.session('s1')).events).toHaveLength(4)
    await expect(client.topics({ level: 'wrong' as 'topic' })).rejects.toThrow(ClientError)
    const pages: string[] = []
    for await (const page of streamList(options, 'events', { limit: 50 }, 'text/csv')) pages.push(page)
    expect(pages.join('').trim().split('\r\n')).toHaveLength(122)
  })

  it('has a handler for every route', async () => {
    for (const route of Object.values(routes)) {
      const response = await api.fetch(route.path.replace(/:\w+/, 'x'), { method: route.method.toUpperCase() })
      expect(response.status).not.toBe(500)
    }
  })
})
