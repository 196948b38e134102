import type { ClickHouse } from '@turret/clickhouse'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { EmbedError } from '../../src/embed/embed-error.ts'
import type { Embedder } from '../../src/embed/embedder.ts'
import { hashText } from '../../src/embed/text-hash.ts'
import { createPhraseLabeler } from '../../src/label/phrase-labeler.ts'
import { CatchUp } from '../../src/topics/catch-up.ts'
import { ProjectTopics } from '../../src/topics/project-topics.ts'
import { readBacklogs } from '../../src/topics/waiting-texts.ts'
import { type TestDatabase, insertEvents, openTestDatabase } from '../query/support.ts'

const refused = 'the text that is refused'
const signs = '🙂🙂'

/** The builtin table behind a door that is shut to some texts. */
function embedderThat(refuses: (text: string) => boolean, id = 'test'): Embedder {
  const table = createBuiltinEmbedder()
  return {
    ...table,
    id,
    embed: (texts) =>
      texts.some(refuses) ? Promise.reject(new EmbedError('EMBED_REFUSED', 'status 400', { retryable: false })) : table.embed(texts),
  }
}

describe('texts that were stored without a topic', () => {
  let database: TestDatabase
  let db: ClickHouse
  let told: string[]

  beforeEach(async () => {
    database = await openTestDatabase()
    db = database.db
    told = []
  })
  afterEach(() => database.close())

  const open = async (embedder: Embedder): Promise<{ topics: ProjectTopics; catchUp: CatchUp }> => {
    const onNoVector = (reason: string, texts: number): void => void told.push(`${texts} ${reason}`)
    const labeler = createPhraseLabeler()
    const { signal } = new AbortController()
    const shared = { project: 'default', db, embedder, onNoVector }
    const topics = await ProjectTopics.open({ ...shared, labeler, keepsTexts: true, onRun: () => undefined, signal })
    await topics.prepare()
    return { topics, catchUp: new CatchUp({ ...shared, topics, retryMs: 0 }) }
  }

  const store = (texts: readonly string[]): Promise<void> =>
    insertEvents(
      db,
      texts.map((text, i) => ({ text, textHash: hashText(text), session: `s${i}`, ago: 1000 - i })),
    )

  const work = async (catchUp: CatchUp): Promise<void> => {
    while (await catchUp.step());
  }

  const waiting = async (): Promise<string[]> => {
    const rows = await db.query<{ Text: string }>('SELECT Text FROM events FINAL WHERE AnchorId = 0 ORDER BY Text')
    return rows.map(({ Text }) => Text)
  }

  it('are counted until each has its own', async () => {
    const { catchUp } = await open(embedderThat(() => false))
    await store(Array.from({ length: 1200 }, (_, i) => `question number ${i} about my order`))

    const [before] = await readBacklogs(db)
    await work(catchUp)

    expect(before).toMatchObject({ project: 'default', messages: 1200 })
    expect(before!.oldestAt).toBeLessThan(Date.now())
    expect(await readBacklogs(db)).toEqual([])
  })

  it('stop waiting when the provider has refused them three times and taken all others', async () => {
    const { catchUp } = await open(embedderThat((text) => text === refused))
    await store([...Array.from({ length: 40 }, (_, i) => `question number ${i}`), refused])

    await work(catchUp)
    const afterOne = await waiting()
    await work(catchUp)
    const afterTwo = await waiting()
    await work(catchUp)

    expect([afterOne, afterTwo, await waiting()]).toEqual([[refused], [refused], []])
    expect(told).toEqual(['1 refused'])
    const [row] = await db.query('SELECT Similarity, toString(ArrivalTopicId) AS Topic FROM events FINAL WHERE Text = {refused: String}', {
      params: { refused },
    })
    expect(row).toEqual({ Similarity: -2, Topic: '0' })
  })

  it('wait no longer when their words were not kept', async () => {
    const { catchUp } = await open(embedderThat(() => false))
    await insertEvents(db, [{ text: '', textHash: hashText('said, and not kept'), session: 's', ago: 10 }])

    await work(catchUp)

    expect(await waiting()).toEqual([])
    expect(told).toEqual(['1 not_kept'])
  })

  it('go on waiting while the provider takes no text at all', async () => {
    const { catchUp } = await open(embedderThat(() => true))
    await store(['one question', 'another question'])

    for (let i = 0; i < 5; i++) await expect(catchUp.step()).rejects.toThrow('status 400')

    expect(await waiting()).toEqual(['another question', 'one question'])
    expect(told).toEqual([])
  })

  it('wait for nothing when the embedding knows nothing of them, and again for another embedding', async () => {
    const { topics, catchUp } = await open(embedderThat(() => false))
    await store([signs, 'a question in words', ''])
    await work(catchUp)
    await topics.save()
    const settled = await waiting()

    await open(embedderThat(() => false))
    const afterRestart = await waiting()
    await open(embedderThat(() => false, 'another'))

    expect(told).toEqual(['1 unknown'])
    expect([settled, afterRestart, await waiting()]).toEqual([[''], [''], ['', signs]])
  })
})
