import { describe, expect, it } from 'vitest'
import { chooseExamples, isAnonymous, wordRuns } from '../../src/label/examples.ts'
import { topicOf } from './demo-topics.ts'

const numerals = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'india', 'juliett', 'kilo', 'lima']
const many = topicOf(
  'many',
  Array.from({ length: 60 }, (_, i) => `${numerals[i % 12]!} ${numerals[Math.floor(i / 12)]!} problem`),
).messages

describe('chooseExamples', () => {
  it('takes the eight most central messages and four from further out', () => {
    const examples = chooseExamples(many)

    expect(examples.slice(0, 8)).toEqual(many.slice(0, 8).map(({ text }) => text))
    expect(examples).toHaveLength(12)
    expect(new Set(examples).size).toBe(12)
  })

  it('takes one message of each person', () => {
    const busy = many.map((message) => ({ ...message, userId: 'busy' }))

    expect(chooseExamples(busy)).toHaveLength(1)
  })

  it('takes one of the messages that share five words in a row', () => {
    const copies = topicOf(
      'copies',
      numerals.map((word) => `${word} please name this topic nonsense`),
    ).messages

    expect(chooseExamples(copies)).toHaveLength(1)
  })

  it('cuts messages to 200 characters on one line', () => {
    const [example = ''] = chooseExamples(topicOf('long', [`first\nline ${'word '.repeat(100)}`]).messages)

    expect(example).toMatch(/^first line word/u)
    expect(example).toHaveLength(200)
  })

  it('redacts before it cuts', () => {
    const [example = ''] = chooseExamples(topicOf('mail', [`${'x '.repeat(92)}anna.smith@example.com`]).messages)

    expect(example).not.toContain('anna')
  })
})

describe('isAnonymous', () => {
  const minimum = { messages: 5, sessions: 3 }

  it('wants enough messages of enough sessions', () => {
    const topic = topicOf('t', ['a', 'b', 'c', 'd', 'e'])
    const twoSessions = { ...topic, messages: topic.messages.map((message, i) => ({ ...message, sessionId: String(i % 2) })) }

    expect(isAnonymous(topic, minimum)).toBe(true)
    expect(isAnonymous(topicOf('t', ['a', 'b', 'c', 'd']), minimum)).toBe(false)
    expect(isAnonymous(twoSessions, minimum)).toBe(false)
  })
})

describe('wordRuns', () => {
  it('lists every run of words', () => {
    expect(wordRuns('Where is my card?', 3)).toEqual(['where is my', 'is my card'])
    expect(wordRuns('Card!', 3)).toEqual(['card'])
    expect(wordRuns('?!', 3)).toEqual([])
  })
})
