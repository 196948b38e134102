import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FunnelAnswer, JourneysAnswer } from '../../src/query/contract/journeys.ts'
import type { SessionsAnswer } from '../../src/query/contract/sessions.ts'
import {
  insertEvents,
  insertTopics,
  openTestApi,
  openTestDatabase,
  subtopic,
  type TestApi,
  type TestDatabase,
  theme,
  topic,
} from './support.ts'

const day = 86_400
const unclustered = '0'.repeat(16)

/** Turns of one session, a minute apart, the first one `ago` seconds before now. */
function session(id: string, anchors: readonly number[], ago = day, more: object = {}) {
  return anchors.map((anchor, i) => ({ session: id, anchor, ago: ago - i * 60, ...more }))
}

describe('journeys of a handful of sessions', () => {
  let database: TestDatabase
  let api: TestApi

  beforeAll(async () => {
    database = await openTestDatabase()
    api = openTestApi(database.db)
    await insertTopics(database.db, 5)
    await insertEvents(database.db, [
      ...session('bounce', [1, 2, 1]),
      ...session('bounce-back', [2, 1, 2, 3]),
      ...session('cycle', [1, 2, 3, 1]),
      ...session('cycle-elsewhere', [2, 3, 1, 2]),
      ...session('repeat', [4, 4, 4, 5]), // one anchor: two rephrases
      ...session('alive', [1, 2], 120),
      ...session('unclustered', [0, 1]),
      ...session('paying', [1, 3], day, { fields: { plan: 'pro', seats: '12' } }),
    ])
  })
  afterAll(() => database.close())

  const journeys = (query = ''): Promise<JourneysAnswer> => api.get(`/journeys?${query}`)
  const sessions = async (query: string): Promise<string[]> => {
    const answer = await api.get<SessionsAnswer>(`/sessions?${query}`)
    expect(answer.total.sessions).toBe(answer.sessions.length)
    return answer.sessions.map((row) => row.session_id).sort()
  }

  it('counts sessions, active ones and steps', async () => {
    const answer = await journeys()

    expect(answer).toMatchObject({ sessions: 8, active: 1, events: 25, steps: 23 })
  })

  it('opens exactly the sessions that start with a topic', async () => {
    const { starts } = await journeys()

    expect(starts.find((row) => row.topic_id === topic(1))).toEqual({ topic_id: topic(1), sessions: 4, share: 0.5 })
    expect(await sessions(`journey=starts&at=${topic(1)}`)).toEqual(['alive', 'bounce', 'cycle', 'paying'])
  })

  it('does not call a session that may go on a drop-off', async () => {
    const answer = await journeys()

    expect(answer.topics.find((row) => row.topic_id === topic(2))).toMatchObject({ visits: 7, follow_ups: 5, drop_offs: 1, active: 1 })
    expect(await sessions(`journey=drop_offs&at=${topic(2)}`)).toEqual(['cycle-elsewhere'])
    expect(await sessions('journey=active')).toEqual(['alive'])
    expect(await sessions('state=active')).toEqual(['alive'])
  })

  it('finds A→B→A and B→A→B as one pair', async () => {
    const { back_and_forth } = await journeys()

    expect(back_and_forth).toEqual([{ a: topic(1), b: topic(2), sessions: 2 }])
    expect(await sessions(`journey=back_and_forth&at=${topic(1)}&next=${topic(2)}`)).toEqual(['bounce', 'bounce-back'])
  })

  it('takes a cycle for the same wherever it begins', async () => {
    const { cycles } = await journeys()

    expect(cycles).toEqual([{ path: [topic(1), topic(2), topic(3)], sessions: 2 }])
    expect(await sessions(`journey=cycle&path=${topic(1)},${topic(2)},${topic(3)}`)).toEqual(['cycle', 'cycle-elsewhere'])
  })

  it('collapses turns of one topic and counts the rephrases among them', async () => {
    const { repeats } = await journeys()

    expect(repeats).toEqual([{ topic_id: topic(4), rephrases: 2, sessions: 1 }])
    expect(await sessions(`journey=rephrases&at=${topic(4)}`)).toEqual(['repeat'])
  })

  it('gives each follow-up its share, its lift and the time it takes', async () => {
    const { follow_ups } = await journeys()
    const row = follow_ups.find(({ from, to }) => from === topic(1) && to === topic(2))

    // Of the 6 steps that leave topic 1, 5 go to topic 2; 5 of all 15 follow-ups arrive there.
    expect(row).toMatchObject({ count: 5, sessions: 5, share: 5 / 6, median_seconds: 60 })
    expect(row?.lift).toBeCloseTo(5 / 6 / (5 / 15))
    expect(await sessions(`journey=follow_ups&at=${topic(1)}&next=${topic(2)}`)).toEqual([
      'alive',
      'bounce',
      'bounce-back',
      'cycle',
      'cycle-elsewhere',
    ])
  })

  it('treats Unclustered as a topic', async () => {
    const { starts } = await journeys()

    expect(starts.find((row) => row.topic_id === unclustered)?.sessions).toBe(1)
    expect(await sessions(`journey=visits&at=${unclustered}`)).toEqual(['unclustered'])
  })

  it('shows the flow step by step with what is beyond the top as Other', async () => {
    const { flow } = await journeys('top=1&depth=3')

    expect(flow.steps[0]).toEqual({
      step: 1,
      nodes: [
        { topic_id: topic(1), sessions: 4, drop_offs: 0, active: 0 },
        { topic_id: null, sessions: 4, drop_offs: 0, active: 0 },
      ].sort((a, b) => b.sessions - a.sessions),
    })
    expect(await sessions('journey=flow&step=1&at=other&top=1&depth=3')).toEqual([
      'bounce-back',
      'cycle-elsewhere',
      'repeat',
      'unclustered',
    ])
  })

  it('shows the flow around a topic', async () => {
    const { flow } = await journeys(`around=${topic(3)}&depth=2`)

    expect(flow.steps.map(({ step, nodes }) => [step, nodes.reduce((sum, node) => sum + node.sessions, 0)])).toEqual([
      [-2, 2],
      [-1, 4],
      [0, 4],
      [1, 2],
      [2, 1],
    ])
    expect(await sessions(`journey=flow&around=${topic(3)}&depth=2&step=-1&at=${topic(2)}`)).toEqual([
      'bounce-back',
      'cycle',
      'cycle-elsewhere',
    ])
  })

  it('counts a funnel loosely and strictly', async () => {
    const steps = `steps=${topic(1)},${topic(3)}`
    const [loose, strict] = await Promise.all([
      api.get<FunnelAnswer>(`/funnel?${steps}`),
      api.get<FunnelAnswer>(`/funnel?${steps}&strict=true`),
    ])

    expect(loose.steps.map((step) => step.sessions)).toEqual([7, 3])
    expect(strict.steps.map((step) => step.sessions)).toEqual([7, 1])
    expect(await sessions(`journey=funnel&path=${topic(1)},${topic(3)}&step=2`)).toEqual(['bounce-back', 'cycle', 'paying'])
    expect(await sessions(`journey=funnel&path=${topic(1)},${topic(3)}&step=2&strict=true`)).toEqual(['paying'])
  })

  it('filters by segment, range, time and topic', async () => {
    expect((await journeys('segment.plan=pro,team')).sessions).toBe(1)
    expect((await journeys('range.seats=10..20')).sessions).toBe(1)
    expect((await journeys('range.seats=13..')).sessions).toBe(0)
    expect((await journeys('from=now-1h')).sessions).toBe(1)
    expect((await journeys(`topic_id=${topic(5)}`)).sessions).toBe(1)
    expect((await journeys(`topic_id=${topic(5)}`)).topics).toHaveLength(2)
  })

  it('follows the level that is asked for', async () => {
    expect((await journeys('level=subtopic')).starts.some((row) => row.topic_id === subtopic(1))).toBe(true)
    expect((await journeys('level=theme')).topics.map((row) => row.topic_id).sort()).toEqual([unclustered, theme(2), theme(1)].sort())
  })
})
