/** What every labeler promises; each labeler's test runs this suite. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Label, Labeler, TopicSample } from '../../src/label/labeler.ts'
import { toTermStatistics } from '../../src/label/term-statistics.ts'
import { appendedAttack, attackWords, copiedAttack, demoTopics, poisoned, repeatedAttack, topicOf } from './demo-topics.ts'

export function labelAll(labeler: Labeler, topics: readonly TopicSample[], signal?: AbortSignal): Promise<Map<string, Label>> {
  return labeler.label(topics, toTermStatistics(topics), signal === undefined ? {} : { signal })
}

const previous = { label: 'Money matters', description: 'What people ask about money.', size: 100 } as const

const oddTopics: TopicSample[] = [
  topicOf('none', []),
  topicOf('blank', ['', '   \n\t', '\u0000']),
  topicOf('signs', ['?!', '🙂🙂', '...', '——']),
  topicOf('numbers', ['12', '4711 0815', '3.14', '99']),
  topicOf('broken', ['\ud800 lone surrogate', 'nul\u0000nul', 'x'.repeat(5000), 'word '.repeat(5000)]),
  topicOf('prototype', ['constructor', '__proto__ toString', 'constructor valueOf', '__proto__']),
]

/** Registers the suite. @param create a labeler in its normal state */
export function describeLabeler(name: string, create: () => Labeler): void {
  describe(`${name} keeps the contract of a labeler`, () => {
    const topics = demoTopics()
    let labels: Map<string, Label>

    beforeAll(async () => {
      labels = await labelAll(create(), topics)
    })

    it('labels every topic and no other', () => {
      expect([...labels.keys()].toSorted()).toEqual(topics.map(({ id }) => id).toSorted())
    })

    it('needs one to six words, the first with a capital', () => {
      const words = [...labels.values()].map(({ label }) => label.split(/\s+/u))

      expect(words.filter(({ length }) => length < 1 || length > 6)).toEqual([])
      expect(words.filter(([first = '']) => !/^[\p{Lu}\p{N}]/u.test(first))).toEqual([])
    })

    it('never gives two topics the same label', async () => {
      const twins = Array.from({ length: 12 }, (_, i) => ({ ...topics[0]!, id: `twin-${i}` }))

      const same = await labelAll(create(), twins)

      expect(distinct(labels)).toBe(topics.length)
      expect(distinct(same)).toBe(twins.length)
    })

    it('gives each topic a description, key phrases and a message of its own', () => {
      const incomplete = [...labels].filter(
        ([, { description, keyphrases, central }]) => !description || keyphrases.length === 0 || !central,
      )

      expect(incomplete).toEqual([])
    })

    it('says the same for the same topics', async () => {
      expect(await labelAll(create(), topics)).toEqual(labels)
    })

    it('labels nothing when there are no topics', async () => {
      expect(await labelAll(create(), [])).toEqual(new Map())
    })

    it('keeps what a person wrote, even when the topic has become another', async () => {
      const edited = topicOf('edited', ['a', 'b', 'c'], { size: 900, reshaped: true, previous: { ...previous, source: 'user' } })

      const kept = await labelAll(create(), [edited, ...topics])

      expect(kept.get('edited')).toMatchObject({ label: 'Money matters', description: 'What people ask about money.', source: 'user' })
    })

    it('keeps a label while the topic grew by less than 30 %, and words it anew from then on', async () => {
      const grown = (size: number): TopicSample => ({ ...topics[0]!, size, previous: { ...previous, source: 'llm' } })

      expect((await labelAll(create(), [grown(129)])).get(topics[0]!.id)).toMatchObject({ label: 'Money matters', source: 'llm' })
      expect((await labelAll(create(), [grown(130)])).get(topics[0]!.id)!.label).not.toBe('Money matters')
      expect((await labelAll(create(), [grown(70)])).get(topics[0]!.id)!.label).not.toBe('Money matters')
    })

    it('words a topic anew that was split or merged', async () => {
      const split = { ...topics[0]!, size: 100, reshaped: true, previous: { ...previous, source: 'llm' as const } }

      expect((await labelAll(create(), [split])).get(split.id)!.label).not.toBe('Money matters')
    })

    it('gives a new topic another label than the one that an old topic keeps', async () => {
      const fresh = topics[0]!
      const { label } = labels.get(fresh.id)!
      const old = topicOf('old', ['a b c'], { size: 1, previous: { label, description: '', source: 'phrase', size: 1 } })

      const both = await labelAll(create(), [fresh, old])

      expect(both.get('old')!.label).toBe(label)
      expect(both.get(fresh.id)!.label).not.toBe(label)
    })

    it('shows no e-mail address, URL, phone number, key or long number', async () => {
      const secrets = [
        'anna.smith@example.com',
        'https://example.com/u/4711',
        '+49 170 1234567',
        'sk-abcdef1234567890abcd',
        '4929 1234 5678 9012',
      ]
      const topic = topicOf(
        'private',
        Array.from({ length: 20 }, (_, i) => `refund my order for ${secrets[i % secrets.length]!}`),
      )

      const shown = JSON.stringify([...(await labelAll(create(), [topic, ...topics])).values()])

      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([])
      expect(shown).not.toMatch(/anna|smith|4711|1234567/iu)
    })

    it('survives topics of nothing, signs, numbers and broken text', async () => {
      const odd = await labelAll(create(), oddTopics)

      expect(odd.size).toBe(oddTopics.length)
      expect([...odd.values()].filter(({ label }) => label.trim() === '')).toEqual([])
      expect(distinct(odd)).toBe(oddTopics.length)
    })

    it('rejects with the reason of the signal when it aborts', async () => {
      const reason = new Error('stopping')

      await expect(labelAll(create(), topics, AbortSignal.abort(reason))).rejects.toBe(reason)
    })

    it.each([
      ['copied by many users', copiedAttack],
      ['added to messages of the topic', appendedAttack],
      ['repeated by one user', repeatedAttack],
    ])('keeps an attack out of all words, %s, as a hundredth and a tenth of the messages', async (_name, poison) => {
      for (const share of [0.01, 0.1]) {
        const attacked = await labelAll(create(), poisoned(topics, poison, share))

        const hit = [...attacked].filter(([, label]) => attackWords.test([label.label, label.description, ...label.keyphrases].join(' ')))
        expect(hit.map(([id, { label, keyphrases }]) => [id, label, keyphrases])).toEqual([])
      }
    })
  })
}

function distinct(labels: ReadonlyMap<string, Label>): number {
  return new Set([...labels.values()].map(({ label }) => label.toLowerCase())).size
}
