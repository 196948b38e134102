/** The message that stands for a topic. */
import type { TopicMessage } from './labeler.ts'
import { redact } from './redact.ts'
import { type WordSegmenter, toWords } from './words.ts'

const candidates = 20 // most central messages looked at: the shortest of many more would be a fragment
const minWords = 3 // "card?" stands for nothing
const maxLength = 160 // characters, a line on the screen

/**
 * The shortest of the most central messages that speak of the topic's best phrase; without such, the shortest of them all.
 * @param parts terms of the best phrase; messages that hold none of them may be strangers or an attack on the label
 * @returns redacted, one line, at most 160 characters; '' for a topic without text
 */
export function centralMessage(messages: readonly TopicMessage[], parts: readonly string[], segmenter: WordSegmenter): string {
  const texts = messages.slice(0, candidates).map(({ text }) => toLine(text))
  const worded = texts.map((text) => ({ text, terms: new Set(toWords(text, segmenter).map(({ term }) => term)) }))
  const long = worded.filter(({ terms }) => terms.size >= minWords)
  const matching = long.filter(({ terms }) => parts.every((part) => part === 'not' || terms.has(part)))
  const pool = [matching, long, worded].find((list) => list.length > 0) ?? []
  const shortest = pool.reduce((best, { text }) => (best === '' || (text !== '' && text.length < best.length) ? text : best), '')
  return shortest.length <= maxLength ? shortest : `${shortest.slice(0, maxLength - 1).trimEnd()}…`
}

function toLine(text: string): string {
  return redact(text).replaceAll(/\s+/gu, ' ').trim()
}
