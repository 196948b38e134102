import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { toTrackBodies } from '../../src/demo/to-track.ts'
import type { JourneysAnswer } from '../../src/query/contract/journeys.ts'
import type { TopicsAnswer } from '../../src/query/contract/topics.ts'
import { type TestCollector, eventually, startTestCollector } from '../running-collector.ts'
import { tablesThatHold } from '../tables-that-hold.ts'

const hourMs = 3600_000
const range = 'from=now-30d'

describe('connectors.topics.store_content: false', () => {
  let collector: TestCollector
  const endAt = new Date(Date.now() - hourMs)
  const sessions = [...generateConversations({ seed: 8, sessions: 300, startAt: new Date(endAt.getTime() - 24 * hourMs), endAt })]
  // A short text may be the phrase that several users share; a long one is somebody's own.
  const texts = [...new Set(sessions.flatMap(({ events }) => events.map(({ metadata }) => metadata.prompt)))].filter(
    ({ length }) => length > 40,
  )

  beforeAll(async () => {
    collector = await startTestCollector({ config: ['yaml:connectors::topics::store_content: false'] })
    const bodies = toTrackBodies(sessions)
    for (let i = 0; i < bodies.length; i += 200) expect((await collector.post('/track', bodies.slice(i, i + 200))).status).toBe(200)
    await collector.stored()
  })
  afterAll(() => collector.dispose())

  it('still finds topics and journeys, with labels of words that users share, and shows no text', async () => {
    const { topics } = await eventually(async () => {
      const answer = (await collector.get(`/api/v1/topics?${range}`)).body as TopicsAnswer
      expect(answer.topics.length).toBeGreaterThan(5)
      expect(answer.unclustered.events).toBeLessThan(100)
      return answer
    })
    const { follow_ups } = (await collector.get(`/api/v1/journeys?${range}`)).body as JourneysAnswer
    const topic = (await collector.get(`/api/v1/topics/${topics[0]!.id}?${range}`)).body

    expect(follow_ups.length).toBeGreaterThan(5)
    expect(topics.filter(({ label }) => label !== 'Topic').length).toBeGreaterThan(topics.length / 2)
    expect(texts.filter((text) => JSON.stringify([topics, topic]).includes(text))).toEqual([])
  })

  it('leaves no text on disk', async () => {
    await collector.stop()

    expect(await tablesThatHold(collector.dataDir, texts)).toEqual([])
    expect(await readdir(join(collector.dataDir, 'spool'))).toEqual([])
  })
})
