import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nextSpanId, tracesRequest } from '../otlp.ts'
import { type TestDatabase, openTestDatabase, startStage } from './stage.ts'

const mostRestMs = 500

describe('the store', () => {
  let database: TestDatabase
  beforeAll(async () => void (database = await openTestDatabase()))
  afterAll(() => database.close())

  it('rests after a segment, so that the next one may grow, and not for long', async () => {
    const stage = await startStage(database)
    expect(stage.store.isBusy).toBe(false)

    await stage.ingest.traces('rest', tracesRequest([{ spanId: nextSpanId(), attributes: {} }]))
    await stage.stored()
    await delay(5) // the store hears of the removed segment
    const afterwards = stage.store.isBusy
    await delay(mostRestMs + 100)

    expect(afterwards).toBe(true)
    expect(stage.store.isBusy).toBe(false)
    await stage.end()
  })
})
