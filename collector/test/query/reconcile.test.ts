import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FunnelAnswer, JourneysAnswer } from '../../src/query/contract/journeys.ts'
import type { SessionsAnswer } from '../../src/query/contract/sessions.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { readFigures, readFlowFigures, toFigures, toFlowFigures, toFunnelFigures, toJourneys } from './reference.ts'
import { insertEvents, insertTopics, openTestApi, openTestDatabase, type TestDatabase, type TestEvent, topic } from './support.ts'

const runs = 12
const drillDowns = 10 // numbers opened per run

const event = fc.record({
  session: fc.constantFrom('s1', 's2', 's3', 's4', 's5', "it's", 'DROP TABLE events'),
  ago: fc.oneof(fc.integer({ min: -60, max: 4000 }), fc.integer({ min: 0, max: 100 * 86_400 }), fc.constant(500)),
  anchor: fc.integer({ min: 0, max: 4 }),
  textHash: fc.bigInt({ min: 0n, max: 3n }),
  user: fc.constantFrom('ann', 'bob', ''),
  name: fc.constantFrom('chat', 'search'),
  fields: fc.record({ plan: fc.constantFrom('free', 'pro'), seats: fc.integer({ min: 1, max: 9 }).map(String) }),
})

const filter = fc.record(
  {
    plan: fc.constantFrom('free', 'pro'),
    user: fc.constantFrom('ann', 'bob'),
    name: fc.constantFrom('chat', 'search'),
    seats: fc.integer({ min: 1, max: 9 }),
    visiting: fc.integer({ min: 0, max: 4 }),
    days: fc.integer({ min: 1, max: 90 }),
  },
  { requiredKeys: [] },
)

const shape = fc.record({
  depth: fc.integer({ min: 2, max: 10 }),
  top: fc.integer({ min: 1, max: 4 }),
  around: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
})
const funnel = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 })

type Filter = typeof filter extends fc.Arbitrary<infer T> ? T : never

const topicId = (anchor: number): string => (anchor === 0 ? '0'.repeat(16) : topic(anchor))

function toSearch({ plan, user, name, seats, visiting, days }: Filter): string {
  const search = new URLSearchParams({ limit: '5000' })
  if (plan !== undefined) search.set('segment.plan', plan)
  if (user !== undefined) search.set('user_id', user)
  if (name !== undefined) search.set('name', name)
  if (seats !== undefined) search.set('range.seats', `${seats}..`)
  if (visiting !== undefined) search.set('topic_id', topicId(visiting))
  if (days !== undefined) search.set('from', `now-${days}d`)
  return search.toString()
}

function select(events: readonly TestEvent[], { plan, user, name, seats, visiting, days }: Filter): TestEvent[] {
  const kept = events.filter(
    (e) =>
      (plan === undefined || e.fields?.['plan'] === plan) &&
      (user === undefined || e.user === user) &&
      (name === undefined || e.name === name) &&
      (seats === undefined || Number(e.fields?.['seats']) >= seats) &&
      (days === undefined || e.ago <= days * 86_400),
  )
  const visits = (e: TestEvent): boolean => kept.some((other) => other.session === e.session && other.anchor === visiting)
  return visiting === undefined ? kept : kept.filter(visits)
}

describe('the numbers of journeys', () => {
  let database: TestDatabase
  let projects = 0

  beforeAll(async () => {
    database = await openTestDatabase()
    await insertTopics(database.db, 4)
  })
  afterAll(() => database.close())

  it('reconcile with each other, with a reference in memory and with the sessions that they open', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 60 }),
        filter,
        shape,
        funnel,
        fc.boolean(),
        fc.integer(),
        async (events, chosen, flow, steps, strict, seed) => {
          const project = `p${projects++}`
          const all = events.map((e, i) => ({ ...e, project, id: `e${String(i).padStart(3, '0')}` }))
          // Some events had another topic before, and there were some that are gone: later versions say so, in the same insert or another.
          const before = all.filter((_, i) => i % 3 === 0).map((e) => ({ ...e, anchor: (e.anchor + 1) % 5 }))
          const gone = all.filter((_, i) => i % 4 === 0).map((e) => ({ ...e, id: `gone-${e.id}`, anchor: 1 }))
          await insertEvents(database.db, [...before, ...gone])
          await insertEvents(
            database.db,
            [...all, ...gone.map((e) => ({ ...e, deleted: true }))].map((e) => ({ ...e, version: 2 })),
          )
          const api = openTestApi(database.db, { authenticate: () => ({ project, keyId: '' }) })
          const search = toSearch(chosen)
          const around = flow.around === undefined ? undefined : topic(flow.around)
          const flowSearch = `depth=${flow.depth}&top=${flow.top}${around === undefined ? '' : `&around=${around}`}`
          const journeys = toJourneys(select(all, chosen))

          const answer = await api.get<JourneysAnswer>(`/journeys?${search}&${flowSearch}`)

          expect(readFigures(answer)).toEqual(toFigures(journeys))
          expect(readFlowFigures(answer)).toEqual(toFlowFigures(journeys, { ...flow, ...(around !== undefined && { around }) } as never))
          expectReconciled(answer)
          if (chosen.visiting === undefined) expectSameTopics(await api.get<TopicsAnswer>(`/topics?${search}`), answer)
          const funnelSteps = steps.filter((n, i) => n !== steps[i - 1]).map(topic)
          if (funnelSteps.length > 1) {
            const counted = await api.get<FunnelAnswer>(
              `/funnel?${search.replace('limit=5000&', '').replace('limit=5000', '')}&steps=${funnelSteps.join()}&strict=${strict}`,
            )
            expect(counted.steps.map((step) => step.sessions)).toEqual(toFunnelFigures(journeys, funnelSteps, strict))
          }
          for (const [drillDown, sessions] of pick(toDrillDowns(answer, flowSearch), seed)) {
            const opened = await api.get<SessionsAnswer>(`/sessions?${search}&${drillDown}`)
            expect([drillDown, opened.total.sessions, opened.sessions.length]).toEqual([drillDown, sessions, sessions])
          }
        },
      ),
      { numRuns: runs, seed: 7, endOnFailure: true },
    )
  })
})

/** A topic's sessions, drop-offs and rephrases are the same on both pages. */
function expectSameTopics({ topics, unclustered, total }: TopicsAnswer, journeys: JourneysAnswer): void {
  expect([total.events, total.sessions]).toEqual([journeys.events, journeys.sessions])
  for (const row of journeys.topics) {
    const listed = topics.find((candidate) => candidate.id === row.topic_id)
    expect(listed?.sessions ?? unclustered.sessions).toBe(row.sessions)
    if (listed !== undefined) {
      expect(listed.drop_off_rate).toBe(row.drop_offs / row.visits)
      expect(listed.rephrase_rate).toBe(row.rephrases / listed.events)
    }
  }
}

/** visits = Σ follow-ups + drop-offs + active for every topic; Σ starts = sessions; the flow loses nobody. */
function expectReconciled(answer: JourneysAnswer): void {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
  for (const row of answer.topics) {
    const followUps = sum(answer.follow_ups.filter(({ from }) => from === row.topic_id).map(({ count }) => count))
    expect(row.visits).toBe(followUps + row.drop_offs + row.active)
    expect(row.follow_ups).toBe(followUps)
  }
  for (const rows of [answer.starts, answer.drop_offs, answer.back_and_forth, answer.cycles]) {
    const sizes = rows.map((row) => row.sessions)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  }
  expect(sum(answer.starts.map((row) => row.sessions))).toBe(answer.sessions)
  expect(sum(answer.drop_offs.map((row) => row.sessions)) + answer.active).toBe(answer.sessions)
  const lastStep = answer.flow.steps.at(-1)?.step
  for (const { step, nodes } of answer.flow.steps) {
    for (const node of nodes) {
      const leaving = sum(
        answer.flow.links.filter((link) => link.step === step && link.from === node.topic_id).map((link) => link.sessions),
      )
      if (step !== lastStep) expect(node.sessions).toBe(leaving + node.drop_offs + node.active)
    }
  }
}

/** Every number of an answer with the drill-down that opens it. */
function toDrillDowns(answer: JourneysAnswer, flow: string): [string, number][] {
  const { topics, starts, follow_ups, drop_offs, back_and_forth, cycles, repeats } = answer
  const name = (id: string | null): string => id ?? 'other'
  return [
    ['state=active', answer.active],
    ...topics.flatMap((row): [string, number][] => [
      [`journey=visits&at=${row.topic_id}`, row.sessions],
      [`journey=returns&at=${row.topic_id}`, row.returns],
      [`journey=active&at=${row.topic_id}`, row.active],
    ]),
    ...starts.map((row): [string, number] => [`journey=starts&at=${row.topic_id}`, row.sessions]),
    ...drop_offs.map((row): [string, number] => [`journey=drop_offs&at=${row.topic_id}`, row.sessions]),
    ...follow_ups.map((row): [string, number] => [`journey=follow_ups&at=${row.from}&next=${row.to}`, row.sessions]),
    ...back_and_forth.map((row): [string, number] => [`journey=back_and_forth&at=${row.a}&next=${row.b}`, row.sessions]),
    ...cycles.map((row): [string, number] => [`journey=cycle&path=${row.path.join()}`, row.sessions]),
    ...repeats.map((row): [string, number] => [`journey=rephrases&at=${row.topic_id}`, row.sessions]),
    ...answer.flow.steps.flatMap(({ step, nodes }) =>
      nodes.flatMap((node): [string, number][] => {
        const at = `journey=flow&step=${step}&at=${name(node.topic_id)}&${flow}`
        return [
          [at, node.sessions],
          [`${at}&end=drop_off`, node.drop_offs],
          [`${at}&end=active`, node.active],
        ]
      }),
    ),
    ...answer.flow.links.map((link): [string, number] => [
      `journey=flow&step=${link.step}&at=${name(link.from)}&next=${name(link.to)}&${flow}`,
      link.sessions,
    ]),
  ]
}

function pick<T>(all: readonly T[], seed: number): T[] {
  return (
    fc.sample(fc.shuffledSubarray([...all], { minLength: Math.min(drillDowns, all.length), maxLength: Math.min(drillDowns, all.length) }), {
      numRuns: 1,
      seed,
    })[0] ?? []
  )
}
