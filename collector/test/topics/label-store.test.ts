import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LlmLabeler, createLlmLabeler } from '../../src/label/llm-labeler.ts'
import { createPhraseLabeler } from '../../src/label/phrase-labeler.ts'
import { createStoredLabelCache, createStoredLedger } from '../../src/topics/label-store.ts'
import { labelAll } from '../label/contract.ts'
import { topicOf } from '../label/demo-topics.ts'
import { type ModelServer, goodProposal, startModelServer } from '../label/model-server.ts'
import { type TestDatabase, openTestDatabase } from '../query/support.ts'

const refunds = topicOf('a1', [
  'where is my refund',
  'I want a refund for the annual plan',
  'refund please',
  'how long does a refund take',
  'the refund is too small',
  'no refund since May',
])

describe('a labeler that is started again', () => {
  let server: ModelServer
  let database: TestDatabase
  let warnings: string[] = []

  beforeAll(async () => {
    server = await startModelServer()
  })
  beforeEach(async () => {
    database = await openTestDatabase()
  })
  afterEach(async () => {
    await database.close()
    server.requests.length = 0
    server.propose = goodProposal
    warnings = []
  })
  afterAll(() => server.close())

  const start = (monthlyBudgetUsd = 1): LlmLabeler =>
    createLlmLabeler({
      baseURL: server.baseURL,
      apiKey: 'test-key',
      model: 'test-model',
      monthlyBudgetUsd,
      pricing: { inputUsdPerMillion: 1, outputUsdPerMillion: 5 },
      fallback: createPhraseLabeler(),
      ledger: createStoredLedger(database.db, 'test-model'),
      cache: createStoredLabelCache(database.db),
      logger: { info: () => undefined, warn: (message) => void warnings.push(message) },
    })

  it('does not pay twice for the same answer', async () => {
    const first = await labelAll(start(), [refunds])

    expect(await labelAll(start(), [refunds])).toEqual(first)
    expect(first.get('a1')!.source).toBe('llm')
    expect(server.requests).toHaveLength(1)
    expect(warnings).toEqual([])
  })

  it('does not ask again about a topic that the model could not name', async () => {
    server.propose = () => ({ label: 'Zorgland', description: 'x' })
    await labelAll(start(), [refunds])
    const grown = topicOf('a1', ['one more refund', ...refunds.messages.map(({ text }) => text)])

    expect((await labelAll(start(), [grown])).get('a1')!.source).toBe('phrase')
    expect(server.requests).toHaveLength(1)
  })

  it('knows what the month has cost', async () => {
    const first = start()
    await labelAll(first, [refunds])
    const second = start(first.spending.usd + 0.001)
    const crashes = topicOf('b2', ['the app crashes', 'app crashes on start', 'why does the app crash', 'a crash of the app', 'it crashed'])

    const labels = await labelAll(second, [crashes])

    expect(second.spending).toEqual(first.spending)
    expect(first.spending).toMatchObject({ usd: 0.002, calls: 1 })
    expect(labels.get('b2')!.source).toBe('phrase')
    expect(server.requests).toHaveLength(1)
  })
})
