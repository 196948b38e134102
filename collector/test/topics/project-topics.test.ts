import type { ClickHouse } from '@turret/clickhouse'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { generateConversations } from '../../src/demo/conversations.ts'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import type { Embedder } from '../../src/embed/embedder.ts'
import { createPhraseLabeler } from '../../src/label/phrase-labeler.ts'
import { ProjectTopics } from '../../src/topics/project-topics.ts'
import type { ArrivedMessage, AssignedMessages } from '../../src/topics/protocol.ts'
import { type TestDatabase, insertEvents, openTestDatabase } from '../query/support.ts'

const sessions = [...generateConversations({ seed: 5, sessions: 400, startAt: new Date('2026-11-01'), endAt: new Date('2026-11-02') })]
const messages: ArrivedMessage[] = sessions.flatMap(({ events, sessionId, userId }) =>
  events.map(({ metadata }) => ({ text: metadata.prompt, sessionId, userId })),
)
const half = messages.length >> 1

describe('the topics of a project', () => {
  let embedder: Embedder

  beforeAll(() => {
    embedder = createBuiltinEmbedder()
  })

  const open = async (db: ClickHouse): Promise<ProjectTopics> => {
    const topics = await ProjectTopics.open({
      project: 'default',
      db,
      embedder,
      labeler: createPhraseLabeler(),
      keepsTexts: true,
      onRun: () => undefined,
      onNoVector: () => undefined,
      signal: new AbortController().signal,
    })
    await topics.prepare()
    return topics
  }

  describe('after a stop that saved nothing', () => {
    let database: TestDatabase
    beforeAll(async () => void (database = await openTestDatabase()))
    afterAll(() => database.close())

    it('stay where readers have seen them, even where this clusterer would have voted otherwise', async () => {
      const { db } = database
      const before = await open(db)
      const old = (await before.assign(messages.slice(0, half)))!
      await store(db, messages.slice(0, half), old)
      await before.consolidateNow()
      await before.save()
      const fresh = (await before.assign(messages.slice(half)))!
      const known = new Set(old.anchorIds)
      const elsewhere = fresh.topicIds.map((topic, i) => (known.has(fresh.anchorIds[i]!) ? topic : fresh.topicIds[0]!))
      await store(db, messages.slice(half), { ...fresh, topicIds: elsewhere })
      const shown = await topicsShown(db)

      const after = await open(db)
      await after.edit('ann', { kind: 'pin', topicId: BigInt(shown.find(({ Topic }) => Topic !== '0')!.Topic), on: true })

      expect(await topicsShown(db)).toEqual(shown)
    })
  })

  describe('when a publication fails half-way', () => {
    let database: TestDatabase
    beforeAll(async () => void (database = await openTestDatabase()))
    afterAll(() => database.close())

    it('shows what it would have said with the next one', async () => {
      const { db } = database
      const insertRows = db.insertRows.bind(db)
      let isAway = false
      vi.spyOn(db, 'insertRows').mockImplementation(async (table, ...rest) => {
        if (isAway && table === 'topics') throw new Error('away')
        return insertRows(table, ...rest)
      })
      const topics = await open(db)
      await store(db, messages, await topics.assign(messages))
      isAway = true
      await expect(topics.consolidateNow()).rejects.toThrow('away')
      isAway = false

      await topics.consolidateNow()

      expect((await topicsShown(db)).filter(({ Topic }) => Topic === '0')).toEqual([])
      expect(await orphans(db)).toEqual([])
    })
  })
})

async function store(db: ClickHouse, arrived: readonly ArrivedMessage[], assigned: AssignedMessages | undefined): Promise<void> {
  const { anchorIds, topicIds, textHashes } = assigned!
  const events = arrived.map(({ text, sessionId, userId }, i) => ({
    text,
    session: sessionId,
    user: userId,
    ago: -1_000_000,
    textHash: textHashes[i]!,
    anchor: anchorIds[i]!,
    arrivalTopic: topicIds[i]!,
  }))
  await insertEvents(db, events)
}

async function topicsShown(db: ClickHouse): Promise<{ EventId: string; Topic: string }[]> {
  return db.query(`SELECT EventId, toString(dictGetOrDefault('${db.database}.anchor_topics_now', 'TopicId', AnchorId, ArrivalTopicId)) AS Topic
    FROM events FINAL ORDER BY EventId`)
}

/** Topics that messages point to and nobody knows. */
async function orphans(db: ClickHouse): Promise<unknown[]> {
  return db.query(`SELECT DISTINCT dictGetOrDefault('${db.database}.anchor_topics_now', 'TopicId', AnchorId, ArrivalTopicId) AS Topic
    FROM events FINAL WHERE Topic NOT IN (SELECT TopicId FROM topics FINAL WHERE State = 'active')`)
}
