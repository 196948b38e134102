import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MonthlyBudget } from '../../src/label/budget.ts'
import { createCompletionClient } from '../../src/label/completions.ts'
import type { SegmentsAnswer } from '../../src/query/contract/segments.ts'
import { classifyFields } from '../../src/query/fields.ts'
import { type RefineFields, createFieldRefiner } from '../../src/query/refine-fields.ts'
import { type ModelServer, sendCompletion, sendJson, startModelServer } from '../label/model-server.ts'
import { insertEvents, openTestApi, openTestDatabase, type TestDatabase } from './support.ts'

/** A field as the model sees it. */
interface ShownField {
  readonly id: string
  readonly name: string
  readonly rule: string
  readonly values: readonly string[]
}

describe('a language model that judges fields', () => {
  let database: TestDatabase
  let server: ModelServer
  let warnings: unknown[] = []
  let nextSession = 0

  beforeAll(async () => {
    ;[database, server] = await Promise.all([openTestDatabase(), startModelServer()])
  })
  afterAll(async () => {
    await Promise.all([database.close(), server.close()])
  })
  afterEach(() => {
    server.requests.length = 0
    warnings = []
  })

  const createRefiner = (limitUsd = 1): RefineFields =>
    createFieldRefiner({
      client: createCompletionClient({ baseURL: server.baseURL, apiKey: 'k', model: 'm', timeoutMs: 2000 }),
      budget: new MonthlyBudget({ limitUsd, pricing: { inputUsdPerMillion: 1, outputUsdPerMillion: 5 }, now: () => new Date() }),
      logger: { warn: (...line) => void warnings.push(line) },
    })
  const classify = (refine = createRefiner()): Promise<string[]> => classifyFields(database.db, 'default', { refine })
  const shown = (): ShownField[] =>
    server.requests.flatMap(({ messages }) => (JSON.parse(messages[1]!.content) as { fields: ShownField[] }).fields)
  /** Answers each field with the kind of that name, or with what the rules said. */
  const answerWith = (kinds: Readonly<Record<string, string>>): void => {
    server.misbehave = (response) => {
      const fields = shown().map(({ id, name, rule }) => ({ id, kind: kinds[name] ?? rule }))
      sendCompletion(response, { content: JSON.stringify({ fields }) })
      return true
    }
  }
  /** 120 events in 60 sessions. */
  const insert = (fieldsOf: (i: number) => Record<string, string>): Promise<void> => {
    const first = nextSession
    nextSession += 60
    const event = (i: number) => ({ session: `s${first + (i % 60)}`, anchor: 1, ago: 5000 - i, fields: fieldsOf(i) })
    return insertEvents(
      database.db,
      Array.from({ length: 120 }, (_, i) => event(i)),
    )
  }
  const kindOf = async (name: string): Promise<string | undefined> =>
    (await openTestApi(database.db).get<SegmentsAnswer>('/segments')).fields.find(({ field }) => field === name)?.kind

  it('decides where the values allow it, and says so in the evidence', async () => {
    answerWith({ mood: 'text', plan: 'number' })
    await insert((i) => ({ mood: ['good', 'bad'][i % 2]!, plan: ['free', 'pro'][i % 2]! }))

    await classify()

    expect([await kindOf('mood'), await kindOf('plan')]).toEqual(['text', 'enum'])
    const { fields } = await openTestApi(database.db).get<SegmentsAnswer>('/segments')
    expect(fields.find(({ field }) => field === 'mood')?.evidence).toMatchObject({ rule: 'a language model said so', ruled: 'enum' })
  })

  it('is not asked again until the values have changed or doubled', async () => {
    answerWith({})
    await classify()
    expect(server.requests).toEqual([])

    await insert((i) => ({ mood: ['good', 'bad'][i % 2]! }))
    await classify()

    expect(shown().map(({ name }) => name)).toContain('mood')
  })

  it('sees no value of fewer than three sessions, and no field of ids', async () => {
    answerWith({})
    await insert((i) => ({
      town: i < 110 ? ['Bonn', 'Kyiv'][i % 2]! : i < 112 ? 'Hamlet' : 'Turin',
      request: `3f2a9c7b-1111-4222-8333-${String(i).padStart(12, '0')}`,
    }))

    await classify()

    expect(shown().map(({ name }) => name)).not.toContain('request')
    expect(shown().find(({ name }) => name === 'town')?.values).toEqual(['Bonn', 'Kyiv', 'Turin'])
    expect(server.requests[0]?.response_format.json_schema.strict).toBe(true)
  })

  it.each([
    ['fails', (response: Parameters<ModelServer['misbehave']>[0]) => sendJson(response, 400, { error: { message: 'no' } })],
    ['answers prose', (response: Parameters<ModelServer['misbehave']>[0]) => sendCompletion(response, { content: 'It is an enum.' })],
    [
      'answers another form',
      (response: Parameters<ModelServer['misbehave']>[0]) =>
        sendCompletion(response, { content: '{"fields":[{"id":"f1","kind":"date"}]}' }),
    ],
  ])('leaves it to the rules when it %s, with a warning that quotes nothing', async (name, misbehave) => {
    server.misbehave = (response) => (misbehave(response), true)
    const field = `tier ${name}`
    await insert((i) => ({ [field]: ['silver', 'gold'][i % 2]! }))

    await classify()

    expect(await kindOf(field)).toBe('enum')
    expect(warnings).toHaveLength(1)
    expect(JSON.stringify(warnings)).not.toMatch(/silver|gold|tier/)
  })

  it("is not asked beyond the month's money", async () => {
    await insert((i) => ({ shift: ['day', 'night'][i % 2]! }))

    await classify(createRefiner(0))

    expect([server.requests, await kindOf('shift')]).toEqual([[], 'enum'])
  })

  it('is overruled by a person', async () => {
    answerWith({ stage: 'text' })
    await insert((i) => ({ stage: ['trial', 'paid'][i % 2]! }))
    await classify()
    const api = openTestApi(database.db)

    await api.fetch('/segments/stage', { method: 'PATCH', body: JSON.stringify({ kind: 'enum' }) })

    expect(await kindOf('stage')).toBe('enum')
  })
})
