/** A text's words, in any language, each with the form that counts as the same term. */
import { stemmer } from 'stemmer'
import { redact } from './redact.ts'
import { isFillerWord, isFunctionWord } from './stop-words.ts'

/** One word of a text. */
export interface Word {
  /** As typed, without a clitic: "card" of "card's", "accès" of "d'accès". Function words: lower case, without apostrophes. */
  readonly surface: string
  /** What counts as the same word: lower case, English endings removed. */
  readonly term: string
  /** `content` may name a topic alone, `filler` and `function` never do; `number` is a count, an ordinal or an id. */
  readonly kind: 'content' | 'filler' | 'function' | 'number'
  /** What stands between it and the word before. */
  readonly before: 'sentence' | 'clause' | 'space' | 'nothing'
}

/** The words of a text. */
export type WordsOf = (text: string) => readonly Word[]

/** A language's own word finder; needed where words have no spaces between them. */
interface WordSegmenter {
  segment(input: string): Iterable<{ readonly segment: string; readonly isWordLike?: boolean | undefined }>
}

const wordPattern = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)*/gu
const unspacedPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const sentenceEnd = /[.!?…。！？\n]/u
const clauseEnd = /[,;:()[\]{}"“”«»–—、，；：|/]|\s-\s/u

/** Reads words, those of each text once: it keeps what it has read, so one reader serves one run over all topics. */
export function createWordReader(): WordsOf {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
  const known = new Map<string, readonly Word[]>()
  return (text) => {
    let words = known.get(text)
    if (words === undefined) known.set(text, (words = toWords(text, segmenter)))
    return words
  }
}

/**
 * Splits a text into words; e-mail addresses, URLs, long numbers and keys are left out and end a sentence.
 * The regular expression alone splits spaced scripts: Intl.Segmenter is some ten times slower and is asked only for scripts without spaces.
 */
function toWords(text: string, segmenter: WordSegmenter): Word[] {
  const clean = redact(text, () => ' . ')
  const words: Word[] = []
  let end = 0
  for (const match of clean.matchAll(wordPattern)) {
    const before = end === 0 ? 'sentence' : boundary(clean.slice(end, match.index))
    end = match.index + match[0].length
    if (unspacedPattern.test(match[0])) words.push(...segments(match[0], before, segmenter))
    else words.push(toWord(match[0], before))
  }
  return words
}

/** The form under which words count as the same: lower case, no accents on the apostrophe, English endings removed. */
export function toTerm(word: string): string {
  const lower = word.toLowerCase()
  return /^[a-z]+$/u.test(lower) ? stemmer(lower) : lower
}

function boundary(gap: string): Word['before'] {
  if (sentenceEnd.test(gap)) return 'sentence'
  return clauseEnd.test(gap) ? 'clause' : 'space'
}

function segments(run: string, before: Word['before'], segmenter: WordSegmenter): Word[] {
  return [...segmenter.segment(run)]
    .filter(({ isWordLike }) => isWordLike !== false)
    .map(({ segment }, index) => toWord(segment, index === 0 ? before : 'nothing'))
}

function toWord(typed: string, before: Word['before']): Word {
  const whole = typed.toLowerCase().replace(/['’]/gu, '')
  if (isFunctionWord(whole)) return { surface: whole, term: whole, kind: 'function', before }
  const surface = withoutClitics(typed)
  return { surface, term: toTerm(surface), kind: kindOf(surface.toLowerCase()), before }
}

function kindOf(surface: string): Word['kind'] {
  if (/^\p{N}+(?:st|nd|rd|th|k|m|am|pm|h|x)?$|\p{N}{3}/u.test(surface)) return 'number'
  if (isFunctionWord(surface)) return 'function'
  if (isFillerWord(surface)) return 'filler'
  // One letter of an alphabet is an abbreviation or a slip; one Han character is a word.
  return surface.length === 1 && !unspacedPattern.test(surface) ? 'function' : 'content'
}

/** "card's" → "card", "l'argent" → "argent", "don't" → "don't" (a function word as it stands). */
function withoutClitics(word: string): string {
  const [first = '', ...rest] = word.split(/['’]/u)
  if (rest.length === 0) return word
  return first.length <= 2 ? rest.join('') : first
}
