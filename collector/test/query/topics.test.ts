import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { type TestDatabase, insertEvents, insertTopics, openTestApi, openTestDatabase } from './support.ts'

describe('GET /topics', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase()
    await insertEvents(database.db, [{ session: 's', ago: 900, anchor: 1 }])
  })
  afterAll(() => database.close())

  it('names topics that are published while it is being answered', async () => {
    const { db } = database
    const query = db.query.bind(db)
    let isPublished = false
    vi.spyOn(db, 'query').mockImplementation(async (sql, options) => {
      if (sql.includes('countResample') && !isPublished) {
        isPublished = true
        await insertTopics(db, 1)
      }
      return query(sql, options)
    })

    const { topics } = await openTestApi(db).get<TopicsAnswer>('/topics')

    expect(topics.map(({ label, events }) => ({ label, events }))).toEqual([{ label: 'topic 1', events: 1 }])
  })
})
