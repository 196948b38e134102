/** A label as people read it. */
import { type KeyPhrase, phrasalOf } from './key-phrases.ts'
import { isAcronym } from './stop-words.ts'
import type { TermUse, TermVotes } from './term-votes.ts'

/** Words of a label at most. */
export const maxLabelWords = 6

// A phrase gives way to a longer one around it when so much of its votes stand behind that:
const keyPairShare = 0.12 // two key words: "refund" and "status"
const pairShare = 0.15 // a key word and any other: "Person" alone says less than "Real person"
const tripleShare = 0.6 // then the pair is only a part of a fixed phrase, as "report lost" of "report lost card"

/**
 * The words of a topic's best phrase; a single word gives way to a longer phrase around it that is in real use: "Refund" → "Refund status".
 * @returns '' when there are no phrases
 */
export function toLabelText(phrases: readonly KeyPhrase[], topic: TermVotes): string {
  const [best] = phrases
  if (best === undefined) return ''
  const keys = new Set(phrases.flatMap(({ parts }) => parts))
  const isKeyPair = (pair: TermUse): boolean => wordsOf(pair).every((word) => keys.has(word))
  const pair =
    longer(best, { length: 2, share: keyPairShare, topic, isWanted: isKeyPair }) ?? longer(best, { length: 2, share: pairShare, topic })
  const phrase = pair ?? best
  return toSentenceCase(withParticle(longer(phrase, { length: 3, share: tripleShare, topic }) ?? phrase, topic))
}

/** First letter large, abbreviations in capitals, at most six words. */
export function toSentenceCase(text: string): string {
  const words = text.trim().split(/\s+/u).slice(0, maxLabelWords)
  const [first = '', ...rest] = words.map((word) => (isAcronym(word.toLowerCase()) ? toAcronym(word) : word))
  const isPlain = first === first.toLowerCase()
  return [isPlain ? first.charAt(0).toLocaleUpperCase() + first.slice(1) : first, ...rest].join(' ')
}

/** A headline ("Password Reset Requests") in sentence case; words that `isProper` knows keep their capital. */
export function fromTitleCase(text: string, isProper: (word: string) => boolean): string {
  const [first = '', ...rest] = text.trim().split(/\s+/u)
  const isHeadline = rest.length > 0 && [first, ...rest].every((word) => /^\P{Ll}/u.test(word))
  if (!isHeadline) return toSentenceCase(text)
  const lowered = rest.map((word) => (/^\p{Lu}\p{Ll}+$/u.test(word) && !isProper(word) ? word.toLocaleLowerCase() : word))
  return toSentenceCase([first, ...lowered].join(' '))
}

function toAcronym(word: string): string {
  const lower = word.toLowerCase()
  if (lower === 'ios') return 'iOS'
  return lower.endsWith('s') && isAcronym(lower.slice(0, -1)) ? `${lower.slice(0, -1).toUpperCase()}s` : lower.toUpperCase()
}

interface LongerPhrase {
  /** Words, "not" aside. */
  readonly length: number
  readonly share: number
  readonly topic: TermVotes
  readonly isWanted?: (use: TermUse) => boolean
}

/** The most used phrase of one word more that contains `phrase`, when at least `share` of its votes stand behind it. */
function longer(phrase: TermUse, { length, share, topic, isWanted = () => true }: LongerPhrase): TermUse | undefined {
  if (wordsOf(phrase).length !== length - 1 || phrase.isPhrasal) return undefined
  let best: TermUse | undefined
  for (const use of topic.terms.values()) {
    if (wordsOf(use).length !== length || use.isPhrasal || use.isName || use.voters < 3 || use.votes < share * phrase.votes) continue
    if (!` ${use.term} `.includes(` ${phrase.term} `) || !isWanted(use)) continue
    if (best === undefined || use.votes > best.votes || (use.votes === best.votes && use.term < best.term)) best = use
  }
  return best
}

function wordsOf({ parts }: TermUse): readonly string[] {
  return parts.filter((part) => part !== 'not')
}

/** "Automatic top" → "Automatic top up", where people hardly say "top" without "up". */
function withParticle({ parts, form, isPhrasal }: TermUse, topic: TermVotes): string {
  const phrasal = isPhrasal ? undefined : phrasalOf(parts.at(-1)!, topic)
  return phrasal === undefined ? form : `${form} ${phrasal.parts[1]!}`
}
