import { afterAll, beforeAll, expect, it } from 'vitest'
import { createErase } from '../../src/erase/erase.ts'
import { type TestDatabase, insertEvents, openTestDatabase } from '../query/support.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

it('counts an event once, however many versions of it there are and even if one comes while it is erased', async () => {
  const { db } = database
  const event = { session: 'gone', id: 'e1', ago: 100 }
  await insertEvents(db, [event])
  await insertEvents(db, [{ ...event, version: 2, anchor: 7 }])
  const erase = createErase({
    db,
    flush: async () => undefined,
    // Comes after the first look has found its traces.
    topics: {
      forget: async () => {
        if (late.splice(0).length > 0) await insertEvents(db, [{ ...event, ago: 99, version: 3, anchor: 8 }])
        return { topicIds: [], version: 0, samples: 0 }
      },
    },
    deadLetterDirectory: '/nonexistent',
    pseudonym: (id) => id,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined },
  })
  const late = ['one']

  const receipt = await erase('default', 'session', 'gone')

  expect(receipt.events).toBe(1)
  expect(await db.query('SELECT 1 FROM events')).toEqual([])
  expect(await db.query('SELECT 1 FROM session_turns')).toEqual([])
})
