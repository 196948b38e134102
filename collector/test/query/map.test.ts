import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unclusteredId } from '../../src/query/contract/common.ts'
import type { MapAnswer } from '../../src/query/contract/map.ts'
import {
  type TestApi,
  type TestDatabase,
  insertEvents,
  insertTopics,
  openTestApi,
  openTestDatabase,
  subtopic,
  theme,
  topic,
  topicNumber,
} from './support.ts'

const drawnAt = '2026-11-24T11:00:00.000Z'
/** Anchors 1 to 3 are landmarks of topics 1 to 3; 11 and 12 belong to topics 1 and 4 and have no place. */
const places = [
  [1, 0, 1],
  [2, 10, 1],
  [3, -5, 2.12345],
] as const

const sum = (points: readonly { messages: number }[]): number => points.reduce((all, { messages }) => all + messages, 0)

describe('GET /map', () => {
  let database: TestDatabase
  let api: TestApi
  beforeAll(async () => {
    database = await openTestDatabase()
    api = openTestApi(database.db)
    await insertTopics(database.db, 4)
  })
  afterAll(() => database.close())

  it('is empty before the first map, and says so', async () => {
    await insertEvents(database.db, [
      { session: 's1', ago: 900, anchor: 1, text: 'first', fields: { plan: 'pro' } },
      { session: 's1', ago: 800, anchor: 1, text: 'first', fields: { plan: 'pro' } },
      { session: 's1', ago: 700, anchor: 2, text: 'second', fields: { plan: 'free' } },
      { session: 's2', ago: 600, anchor: 3, text: 'a'.repeat(300) },
      { session: 's2', ago: 500, anchor: 11, text: 'like the first' },
      { session: 's2', ago: 400, anchor: 12, text: 'of a topic without a place' },
      { session: 's2', ago: 300, anchor: 3, text: 'of another project', project: 'other' },
    ])
    const anchors = [11, 12].map((AnchorId, i) => ({
      Project: 'default',
      AnchorId,
      SubtopicId: 0,
      TopicId: topicNumber([1, 4][i]!),
      ThemeId: 0,
      Version: 1,
    }))
    await database.db.insertRows('anchor_topics', anchors, { token: 'without a place' })
    await database.db.command(`SYSTEM RELOAD DICTIONARY ${database.db.database}.anchor_topics_now`)

    const map = await api.get<MapAnswer>('/map')

    expect(map).toEqual({
      points: [],
      topics: [],
      other: { points: 0, messages: 6 },
      total: { points: 0, messages: 6 },
      drawn_at: null,
    })
  })

  it('shows every landmark with its messages, and a part of those that have no place of their own', async () => {
    const row = {
      Project: 'default',
      SpaceId: 'builtin',
      AnchorIds: places.map(([anchor]) => anchor),
      Xs: places.map(([, x]) => x),
      Ys: places.map(([, , y]) => y),
      Version: Date.parse(drawnAt),
    }
    await database.db.insertRows('maps', [row], { token: 'map' })

    const map = await api.get<MapAnswer>('/map')

    expect(map.points).toEqual([
      { x: 0, y: 1, topic_id: topic(1), subtopic_id: subtopic(1), theme_id: theme(1), messages: 3, example: 'first' },
      { x: 10, y: 1, topic_id: topic(2), subtopic_id: subtopic(2), theme_id: theme(2), messages: 1, example: 'second' },
      { x: -5, y: 2.123, topic_id: topic(3), subtopic_id: subtopic(3), theme_id: theme(3), messages: 1, example: 'a'.repeat(200) },
    ])
    expect(map.topics.map(({ topic_id, label, messages, x }) => [topic_id, label, messages, x])).toEqual([
      [topic(1), 'topic 1', 3, 0],
      [topic(2), 'topic 2', 1, 10],
      [topic(3), 'topic 3', 1, -5],
    ])
    expect(map.other).toEqual({ points: 0, messages: 1 })
    expect(map.total).toEqual({ points: 3, messages: 6 })
    expect(map.drawn_at).toBe(drawnAt)
  })

  it('has the middles of the level that is asked for', async () => {
    const map = await api.get<MapAnswer>('/map?level=theme')

    expect(map.topics.map(({ topic_id, messages }) => [topic_id, messages])).toEqual([
      [theme(1), 3],
      [theme(2), 1],
    ])
    expect(map.total.messages).toBe(6)
    expect(sum(map.points) + map.other.messages).toBe(6)
  })

  it('counts what the filters select, with examples of it', async () => {
    const pro = await api.get<MapAnswer>('/map?segment.plan=pro')
    const late = await api.get<MapAnswer>('/map?from=2026-11-24T11:48:00.000Z')
    const one = await api.get<MapAnswer>(`/map?topic_id=${topic(2)}`)
    const byDimension = await api.get<MapAnswer>('/map?dimension=prompt')

    expect(pro.points.map(({ topic_id, messages }) => [topic_id, messages])).toEqual([[topic(1), 2]])
    expect(late.points.map(({ topic_id }) => topic_id)).toEqual([topic(2), topic(3)])
    expect(one.points.map(({ example }) => example)).toEqual(['second'])
    expect(sum(byDimension.points)).toBe(5)
  })

  it('shows a text in the topic of its arrival until a run has published it', async () => {
    const { db } = database
    await db.command(
      `INSERT INTO maps SELECT Project, SpaceId, arrayPushBack(AnchorIds, 50), arrayPushBack(Xs, 4), arrayPushBack(Ys, 4), Version + 1 FROM maps FINAL`,
    )
    await insertEvents(db, [{ session: 's3', ago: 30 * 86_400, anchor: 50, arrivalTopic: topicNumber(2), text: 'just in' }])

    const map = await api.get<MapAnswer>('/map?to=now-20d')

    expect(map.points).toEqual([
      { x: 4, y: 4, topic_id: topic(2), subtopic_id: unclusteredId, theme_id: theme(2), messages: 1, example: 'just in' },
    ])
    await db.command(`ALTER TABLE events DELETE WHERE SessionId = 's3'`, { settings: { mutations_sync: 2 } })
    await db.command(`ALTER TABLE session_turns DELETE WHERE SessionId = 's3'`, { settings: { mutations_sync: 2 } })
  })

  it('shows the largest points of a limit, and says what is left out', async () => {
    const map = await api.get<MapAnswer>('/map?limit=1')

    expect(map.points.map(({ topic_id }) => topic_id)).toEqual([topic(1)])
    expect(map.other).toEqual({ points: 2, messages: 3 })
    expect(map.total.points).toBe(3)
  })

  it('answers 304 to who has it, and 400 to a parameter that it does not know', async () => {
    const first = await api.fetch('/map')
    const again = await api.fetch('/map', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    const wrong = await api.fetch('/map?zoom=3')

    expect(again.status).toBe(304)
    expect(wrong.status).toBe(400)
    expect(((await wrong.json()) as { error: string }).error).toContain('zoom: unknown parameter')
  })

  it('streams its points as rows', async () => {
    const response = await api.fetch('/map', { headers: { accept: 'application/x-ndjson' } })

    expect((await response.text()).trim().split('\n')).toHaveLength(3)
  })

  it('follows what people merge and hide', async () => {
    const now = Date.now()
    await database.db.command(
      `INSERT INTO topics SELECT * REPLACE ('retired' AS State, {into: UInt64} AS RedirectTo, {now: UInt64} AS Version) FROM topics FINAL WHERE TopicId = {from: UInt64}`,
      { params: { from: topicNumber(2), into: topicNumber(1), now } },
    )
    await database.db.command(
      `INSERT INTO topics SELECT * REPLACE (1 AS Hidden, {now: UInt64} AS Version) FROM topics FINAL WHERE TopicId = {id: UInt64}`,
      { params: { id: topicNumber(3), now } },
    )

    const map = await api.get<MapAnswer>('/map')
    const all = await api.get<MapAnswer>('/map?hidden=true')

    expect(map.topics.map(({ topic_id, messages }) => [topic_id, messages])).toEqual([[topic(1), 4]])
    expect(map.other).toEqual({ points: 1, messages: 2 })
    expect(all.points.map(({ topic_id }) => topic_id)).toContain(topic(3))
  })

  it('has no dot where nothing is said any more', async () => {
    await database.db.command(`ALTER TABLE events DELETE WHERE AnchorId = 3 AND Project = 'default'`, { settings: { mutations_sync: 2 } })
    await database.db.command(`ALTER TABLE session_turns DELETE WHERE SessionId = 's2' AND Project = 'default'`, {
      settings: { mutations_sync: 2 },
    })

    const map = await api.get<MapAnswer>('/map?hidden=true')

    expect(map.points.map(({ topic_id }) => topic_id)).not.toContain(topic(3))
    expect(map.points.every(({ topic_id }) => topic_id !== unclusteredId)).toBe(true)
  })
})
