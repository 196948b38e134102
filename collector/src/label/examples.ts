/** The messages of a topic that a language model sees. */
import type { TopicMessage, TopicSample } from './labeler.ts'
import { redact } from './redact.ts'

const centralCount = 8
const diverseCount = 4
const maxExampleLength = 200 // characters
const copiedWords = 5 // so many words in a row that two messages share were hardly written twice

/** How few people a topic may have before its messages may leave the house. */
export interface Anonymity {
  readonly messages: number
  readonly sessions: number
}

/** Do enough people stand behind a topic to show its messages to a model? */
export function isAnonymous({ messages, size }: TopicSample, minimum: Anonymity): boolean {
  if (size < minimum.messages || messages.length < minimum.messages) return false
  return new Set(messages.map(({ sessionId }) => sessionId)).size >= minimum.sessions
}

/**
 * Eight central messages and four from further out: one from each person, and one of those that share five words in a row,
 * so that neither a busy person nor a copied text fills the prompt.
 * @param clean applied to each message, by default redaction
 * @returns at most 12 texts of at most 200 characters
 */
export function chooseExamples(messages: readonly TopicMessage[], clean: (text: string) => string = redact): string[] {
  const picker = new MessagePicker()
  const central = picker.pick(messages, centralCount)
  const step = Math.max(1, Math.floor(messages.length / (3 * diverseCount)))
  const spread = messages.filter((_message, index) => index % step === step - 1).toReversed()
  return [...central, ...picker.pick(spread, diverseCount)].map(({ text }) => shorten(clean(text)))
}

/** Picks messages that different people wrote on their own. */
export class MessagePicker {
  readonly #people = new Set<string>()
  readonly #runs = new Set<string>()

  /** @returns at most `count` of the messages, in their order; none like those picked before */
  pick(messages: readonly TopicMessage[], count: number): TopicMessage[] {
    const picked: TopicMessage[] = []
    for (const message of messages) {
      if (picked.length === count) break
      const person = message.userId || message.sessionId
      if (this.#people.has(person)) continue
      const runs = wordRuns(message.text, copiedWords)
      if (runs.length === 0 || runs.some((run) => this.#runs.has(run))) continue
      this.#people.add(person)
      for (const run of runs) this.#runs.add(run)
      picked.push(message)
    }
    return picked
  }
}

/** Every run of `length` words, lower case; a shorter text is one run. */
export function wordRuns(text: string, length: number): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  if (words.length === 0) return []
  return Array.from({ length: Math.max(1, words.length - length + 1) }, (_, start) => words.slice(start, start + length).join(' '))
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim()
  return line.length <= maxExampleLength ? line : `${line.slice(0, maxExampleLength - 1)}…`
}
