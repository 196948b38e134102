/** The message that stands for a topic. */
import { MessagePicker } from './examples.ts'
import type { TopicMessage } from './labeler.ts'
import { redact } from './redact.ts'
import type { WordsOf } from './words.ts'

const candidates = 20 // most central messages looked at: the shortest of many more would be a fragment
const minWords = 3 // "card?" stands for nothing
const maxLength = 160 // characters, a line on the screen

/**
 * The shortest of the most central messages that speak of the topic's best phrase; without such, the shortest of them all.
 * @param parts terms of the best phrase; messages that hold none of them may be strangers or an attack on the label
 * @returns redacted, one line, at most 160 characters; '' for a topic without text
 */
export function centralMessage(messages: readonly TopicMessage[], parts: readonly string[], wordsOf: WordsOf): string {
  const matching = messages.filter(({ text }) => {
    const terms = new Set(wordsOf(text).map(({ term }) => term))
    return terms.size >= minWords && parts.every((part) => part === 'not' || terms.has(part))
  })
  const lines = [matching, messages].map(shortestLine)
  return lines.find((line) => line !== '') ?? ''
}

function shortestLine(messages: readonly TopicMessage[]): string {
  const lines = new MessagePicker().pick(messages, candidates).map(({ text }) => redact(text).replaceAll(/\s+/gu, ' ').trim())
  const [shortest = ''] = lines.filter((line) => line !== '').toSorted((a, b) => a.length - b.length)
  return shortest.length <= maxLength ? shortest : `${shortest.slice(0, maxLength - 1).trimEnd()}…`
}
