/** What a key sees that shows only what at least five users share. One of seven people is alone with her topic, her path, her segment and her words. */
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMcpServer } from '../../src/mcp/server.ts'
import { createClient } from '../../src/query/client.ts'
import type { FunnelAnswer, JourneysAnswer } from '../../src/query/contract/journeys.ts'
import { type Route, type RouteName, routes } from '../../src/query/contract/routes.ts'
import type { CompareAnswer, OverviewAnswer, SegmentsAnswer } from '../../src/query/contract/segments.ts'
import type { TopicDetail, TopicsAnswer } from '../../src/query/contract/topics.ts'
import { otherId } from '../../src/query/crowd.ts'
import { classifyFields } from '../../src/query/fields.ts'
import {
  type TestApi,
  type TestDatabase,
  type TestEvent,
  insertEvents,
  insertTopics,
  openTestApi,
  openTestDatabase,
  subtopic,
  topic,
} from './support.ts'

const planted = 'quokkazebra'
const hour = 3600
const people = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6']

/** Six people go from topic 1 to topic 2, one of them on to topic 3, which six others ask about in sessions of one turn. */
function everybody(): TestEvent[] {
  return people.flatMap((user, i) => [
    { session: `s-${user}`, user, ago: 30 * hour - i, anchor: 1, fields: { plan: 'pro' } },
    { session: `s-${user}`, user, ago: 29 * hour - i, anchor: 2, fields: { plan: 'pro' } },
    { session: `t-${user}`, user, ago: 28 * hour - i, anchor: 3, fields: { plan: 'free' } },
    ...(user === 'u1' ? [{ session: 's-u1', user, ago: 27 * hour, anchor: 3, fields: { plan: 'pro' } }] : []),
  ])
}

/** Her topic is 4, and 2 before it. */
function hers(): TestEvent[] {
  const of = { session: `session-${planted}`, user: `user-${planted}`, fields: { plan: `plan-${planted}`, [`field-${planted}`]: 'x' } }
  return [
    { ...of, ago: 26 * hour, anchor: 2, text: `the ${planted} parcel`, name: `name-${planted}` },
    { ...of, ago: 25 * hour, anchor: 4, text: `my ${planted}`, name: `name-${planted}` },
    { ...of, ago: 24.5 * hour, anchor: 4, text: `my ${planted} again`, dimension: `dimension-${planted}`, rank: 1 },
  ]
}

const secrets = [planted, topic(4), subtopic(4), subtopic(2_000_000), 'topic 4', 'how about']

describe('a key with k-anonymity 5', () => {
  let database: TestDatabase
  let api: TestApi
  let whole: TestApi

  beforeAll(async () => {
    database = await openTestDatabase()
    const { db } = database
    await insertTopics(db, 4)
    await insertEvents(db, [...everybody(), ...hers()])
    await db.insertRows(
      'topic_lineage',
      [1, 4].map((n) => ({
        Project: 'default',
        Version: 1,
        At: '2026-11-23T00:00:00Z',
        Level: 'topic',
        Kind: 'born',
        FromId: 0,
        ToId: BigInt(`0x${topic(n)}`),
        Mass: 3,
      })),
      { token: 'lineage' },
    )
    await classifyFields(db, 'default')
    api = openTestApi(db, {
      authenticate: () => ({ project: 'default', keyId: 'k', kAnonymity: 5 }),
      retention: { of: async () => 0, set: async () => undefined },
    })
    whole = openTestApi(db)
  })
  afterAll(() => database.close())

  const reads = Object.entries(routes).filter(([, { method }]) => method === 'get') as [RouteName, Route][]
  const suffixes = [
    '',
    '?from=now-30d&level=subtopic&limit=5000',
    `?topic_id=${topic(4)}&from=now-30d`,
    `?search=${planted}`,
    `?steps=${topic(2)},${topic(4)}`,
    `?around=${topic(4)}`,
    `?segment.plan=plan-${planted}`,
    `?segment.field-${planted}=x`,
    `?user_id=user-${planted}`,
    `?a.segment.plan=pro&b.segment.plan=plan-${planted}`,
    '?a.from=now-30d&b.from=now-20d',
    '?segment.nothing=1',
  ]

  it.each(reads)('finds nothing of one person in the answers of %s', async (_name, { path, list }) => {
    const ids = path.startsWith('/topics') ? [topic(4), otherId] : [`session-${planted}`]
    for (const id of path.includes(':id') ? ids : ['']) {
      for (const suffix of suffixes) {
        for (const accept of list === undefined || suffix !== ''
          ? ['application/json']
          : ['application/json', 'application/x-ndjson', 'text/csv']) {
          const asked = path.replace(':id', id) + suffix
          const response = await api.fetch(asked, { headers: { accept } })
          const text = `${[...response.headers.values()].join(' ')} ${await response.text()}`
          const found = secrets.filter((secret) => text.includes(secret))

          // An error may say what was asked for.
          expect(response.status === 200 ? found : found.filter((secret) => !asked.includes(secret)), `${asked} ${accept}`).toEqual([])
          expect([200, 400, 403, 404]).toContain(response.status)
        }
      }
    }
  })

  it.each(['/events', '/sessions', '/sessions/s-u1', `/topics/${topic(1)}/events`, '/edits'])('withholds %s', async (path) => {
    const response = await api.fetch(path)

    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'FORBIDDEN', error: expect.stringContaining('at least 5 users') })
  })

  it('folds topics of too few users into Other, and totals still add up', async () => {
    const { topics, unclustered, total } = await api.get<TopicsAnswer>('/topics')
    const own = await whole.get<TopicsAnswer>('/topics')

    expect(own.topics.map(({ label }) => label)).toContain('topic 4')
    expect(topics.map(({ label }) => label).toSorted()).toEqual(['Other', 'topic 2', 'topic 3'])
    expect(topics.every(({ users }) => users >= 5)).toBe(true)
    expect(topics.reduce((sum, { events }) => sum + events, unclustered.events)).toBe(total.events)
    expect(total).toEqual(own.total)
    expect(topics.every(({ examples, description, label }) => examples.length === 0 && (description === '' || label === 'Other'))).toBe(
      true,
    )
  })

  it('leaves paths of too few users to `other`, and journeys still add up', async () => {
    const answer = await api.get<JourneysAnswer>('/journeys?level=topic')
    const sum = (list: readonly object[], of: string): number =>
      list.reduce((total, row) => total + (row as Record<string, number>)[of]!, 0)

    for (const row of answer.topics) expect(row.visits).toBe(row.follow_ups + row.drop_offs + row.active)
    expect(sum(answer.starts, 'sessions') + answer.other.starts).toBe(answer.sessions)
    expect(sum(answer.follow_ups, 'count') + answer.other.follow_ups).toBe(sum(answer.topics, 'follow_ups'))
    expect(sum(answer.drop_offs, 'sessions') + answer.other.drop_offs).toBe(sum(answer.topics, 'drop_offs'))
    expect(answer.follow_ups.map(({ from, to }) => `${from} ${to}`)).toEqual([`${otherId} ${topic(2)}`])
    expect(answer.other.follow_ups).toBe(2)
    const { steps, links } = answer.flow
    for (const { step, nodes } of steps) {
      for (const node of nodes) {
        const leaving = sum(
          links.filter((link) => link.step === step && link.from === node.topic_id),
          'sessions',
        )
        if (step < steps.length) expect(leaving + node.drop_offs + node.active).toBe(node.sessions)
      }
    }
    expect(links.filter(({ from, to }) => from !== null && to !== null)).toHaveLength(1)
  })

  it('knows no topic of too few users by its id', async () => {
    expect((await api.fetch(`/topics/${topic(4)}`)).status).toBe(404)
    expect(await api.get<TopicDetail>(`/topics/${otherId}`)).toMatchObject({ label: 'Other', children: [] })
  })

  it('shows no value of a field that too few users share', async () => {
    const { fields } = await api.get<SegmentsAnswer>('/segments')
    const plan = fields.find(({ field }) => field === 'plan')

    expect(fields.map(({ field }) => field)).toEqual(['plan'])
    expect(plan).toMatchObject({ kind: 'enum', values: [{ value: 'pro' }, { value: 'free' }], other: { values: 1, events: 2 } })
  })

  it('stops a funnel where too few users get', async () => {
    const { steps } = await api.get<FunnelAnswer>(`/funnel?steps=${otherId},${topic(2)},${topic(3)}`)

    expect(steps.map(({ sessions }) => sessions)).toEqual([7, 6])
  })

  it('compares what both sides show', async () => {
    const { topics, a, b } = await api.get<CompareAnswer>('/compare?a.from=now-30d&b.from=now-20d')

    expect(a).toEqual(b)
    expect(topics.map(({ topic_id }) => topic_id).toSorted()).toEqual([topic(2), topic(3), otherId].toSorted())
  })

  it('answers no selection of too few users, and none that leaves too few out', async () => {
    const code = async (query: string): Promise<string> => ((await (await api.fetch(`/topics?${query}`)).json()) as { code: string }).code

    expect(await code(`segment.plan=plan-${planted}`)).toBe('TOO_FEW_USERS')
    expect(await code('segment.plan=pro,free')).toBe('TOO_FEW_USERS') // all but her
    expect(await code('name=chat')).toBe('TOO_FEW_USERS')
    expect(await code('from=now-1h')).toBe('TOO_FEW_USERS')
    expect(await code(`user_id=${people.join(',')}`)).toBe('FORBIDDEN')
    expect(await code('session_id=s-u1')).toBe('FORBIDDEN')
  })

  it('asks of whole days and hours only, and says no more exact times', async () => {
    const at = async (to: string) => api.get<TopicsAnswer>(`/topics?from=2026-11-20T00:00:00.000Z&to=${to}`)

    expect(await at('2026-11-24T11:59:59.000Z')).toEqual(await at('2026-11-24T11:00:00.000Z'))
    expect((await at('now')).topics.every(({ last_seen }) => last_seen.endsWith(':00:00.000Z'))).toBe(true)
    expect((await api.get<OverviewAnswer>('/overview')).last_event_at).toMatch(/:00:00\.000Z$/)
  })

  it('holds for a language model that asks by MCP', async () => {
    const client = new McpClient({ name: 'test', version: '1' })
    const [near, far] = InMemoryTransport.createLinkedPair()
    const fetcher = async (url: string | URL | Request, init?: RequestInit): Promise<Response> =>
      api.fetch(String(url instanceof Request ? url.url : url).replace('http://turret/api/v1', ''), init)
    await createMcpServer(createClient({ url: 'http://turret', fetch: fetcher }), '1').connect(far)
    await client.connect(near)
    const calls: Record<string, object> = {
      topics: { from: 'now-30d' },
      topic_examples: { topic_id: topic(1), from: 'now-30d' },
      journeys: { from: 'now-30d' },
      sessions: { from: 'now-30d' },
      session: { session_id: `session-${planted}` },
      compare: { a: { from: 'now-30d' }, b: { from: 'now-20d' } },
    }

    const { tools } = await client.listTools()
    const answers = await Promise.all(
      Object.entries(calls).map(async ([name, args]) => JSON.stringify(await client.callTool({ name, arguments: { ...args } }))),
    )

    expect(tools.map(({ name }) => name)).toEqual(Object.keys(calls))
    for (const answer of answers) expect(secrets.filter((secret) => answer.includes(secret))).toEqual([])
    expect(answers[0]).toContain('topic 2')
    expect(answers[1]).toContain('at least 5 users')
    await client.close()
  })
})

describe('a key with k-anonymity 5 in a project of four users', () => {
  it('sees that they are too few, and nothing else', async () => {
    const database = await openTestDatabase()
    const { db } = database
    await insertEvents(
      db,
      [1, 2, 3, 4].map((n) => ({ session: `s${n}`, user: `u${n}`, ago: hour, anchor: n })),
    )
    const api = openTestApi(db, { authenticate: () => ({ project: 'default', keyId: 'k', kAnonymity: 5 }) })

    for (const path of ['/overview', '/topics', '/journeys', '/segments', '/emerging', '/lineage']) {
      const response = await api.fetch(path)

      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ success: false, code: 'TOO_FEW_USERS', error: expect.stringContaining('fewer than 5 users') })
    }
    await database.close()
  })
})
