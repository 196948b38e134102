/** Who uses which words in a topic: terms counted by people, not by occurrences, so that no one can shout. */
import type { TopicMessage } from './labeler.ts'
import { isNegation, isParticle, isPreposition } from './stop-words.ts'
import { type Word, type WordsOf, createWordReader } from './words.ts'

/** How a topic's people use one term: a word, or up to three words that follow one another. */
export interface TermUse {
  readonly term: string
  /** The words' terms, in order. */
  readonly parts: readonly string[]
  /** People who used it. */
  readonly voters: number
  /** Their number, with those who seem to have copied each other counted less: at most `voters`. */
  readonly votes: number
  /** The form most people typed. */
  readonly form: string
  /** Written like a name: with a capital inside sentences that otherwise have few. */
  readonly isName: boolean
  /** Ends in a particle: "top up". */
  readonly isPhrasal: boolean
}

/** The terms of one topic. */
export interface TermVotes {
  readonly terms: ReadonlyMap<string, TermUse>
  /** People who wrote the messages: users; where there are fewer than three, sessions; else each message counts as one. */
  readonly voters: number
  /** Sum of all votes. */
  readonly total: number
}

const maxParts = 3
const maxGap = 2 // function words between two words of a phrase: "reset [of my] password"
const nameCapitals = 0.6 // of a word's uses inside sentences
const casingTells = 0.3 // above this share of capitalised words (German, headlines) capitals say nothing

interface Tally {
  readonly parts: readonly string[]
  readonly voters: Set<string>
  /** Voters for each pair of words before the term, and after it; '' where the text begins or ends. */
  readonly before: Map<string, number>
  readonly after: Map<string, number>
  readonly forms: Map<string, number>
  readonly isPhrasal: boolean
}

/**
 * Counts the terms of a topic's messages.
 *
 * One person counts once for a term, however often they repeat it. People who use it behind (or before) the same two words
 * count as the square root of their number: independent people soon differ in their wording, copies of one text do not.
 * @param options.everyWord also counts function words and filler, for topics that have nothing else ("yes", "thank you")
 */
export function countVotes(
  messages: readonly TopicMessage[],
  { everyWord = false, wordsOf = createWordReader() }: { everyWord?: boolean; wordsOf?: WordsOf } = {},
): TermVotes {
  const voterOf = chooseVoter(messages)
  const tallies = new Map<string, Tally>()
  const capitals = new Capitals()
  const voters = new Set<string>()
  messages.forEach((message, index) => {
    const words = wordsOf(message.text)
    const voter = voterOf(message, index)
    voters.add(voter)
    capitals.add(words)
    forEachPhrase(words, everyWord, (first, last, phrase) => {
      const key = phrase.parts.join(' ')
      let tally = tallies.get(key)
      if (tally === undefined) tallies.set(key, (tally = createTally(phrase)))
      if (tally.voters.has(voter)) return
      tally.voters.add(voter)
      increment(tally.before, pairOf(words[first - 1], words[first - 2]))
      increment(tally.after, pairOf(words[last + 1], words[last + 2]))
      increment(tally.forms, phrase.form)
    })
  })
  return toTermVotes(tallies, voters.size, capitals)
}

function toTermVotes(tallies: ReadonlyMap<string, Tally>, voters: number, capitals: Capitals): TermVotes {
  const terms = new Map<string, TermUse>()
  let total = 0
  for (const [term, { parts, voters, before, after, forms, isPhrasal }] of tallies) {
    const votes = Math.min(independentVotes(before), independentVotes(after))
    total += votes
    terms.set(term, {
      term,
      parts,
      voters: voters.size,
      votes,
      form: mostUsed(forms),
      isName: parts.some((part) => capitals.isName(part)),
      isPhrasal,
    })
  }
  return { terms, voters, total }
}

/** A person stands behind a message: its user, else its session, else (a single tester) the message itself. */
function chooseVoter(messages: readonly TopicMessage[]): (message: TopicMessage, index: number) => string {
  const person = ({ userId, sessionId }: TopicMessage): string => userId || sessionId
  const enough = (voters: readonly string[]): boolean => new Set(voters).size >= 3
  if (enough(messages.map(person))) return person
  if (enough(messages.map(({ sessionId }) => sessionId))) return ({ sessionId }) => sessionId
  return (_message, index) => String(index)
}

interface Phrase {
  readonly parts: readonly string[]
  readonly form: string
  readonly isPhrasal: boolean
}

/** Visits every term of a message: words that may carry meaning, and runs of up to three of them inside one clause. */
function forEachPhrase(words: readonly Word[], everyWord: boolean, visit: (first: number, last: number, phrase: Phrase) => void): void {
  const counts = (word: Word): boolean => word.kind === 'content' || (everyWord && word.kind !== 'number')
  words.forEach((word, first) => {
    if (!counts(word)) return
    const parts = [word.term]
    let form = insideForm(word)
    visit(first, first, { parts: [...parts], form, isPhrasal: false })
    let gap: string[] = []
    for (let next = first + 1; next < words.length && parts.length < maxParts; next++) {
      const follower = words[next]!
      const lower = follower.surface.toLowerCase()
      if (follower.before === 'sentence' || follower.before === 'clause') return
      if (counts(follower)) {
        if (parts.includes(follower.term)) return
        if (gap.includes('not')) parts.push('not')
        parts.push(follower.term)
        form = [form, ...gap].join(' ') + (follower.before === 'nothing' ? '' : ' ') + follower.surface
        visit(first, next, { parts: [...parts], form, isPhrasal: false })
        gap = []
        continue
      }
      if (follower.kind !== 'function' || next - first > maxGap + parts.length - 1) return
      if (next === first + 1 && isParticle(lower, word.surface.toLowerCase()))
        visit(first, next, { parts: [word.term, lower], form: `${form} ${lower}`, isPhrasal: true })
      if (isNegation(lower)) gap.push('not')
      else if (isPreposition(lower)) gap.push(lower)
    }
  })
}

/** The word as it stands inside a sentence: a capital that only opens one is no part of it. */
function insideForm({ surface, before }: Word): string {
  return before === 'sentence' && /^\p{Lu}\p{Ll}+$/u.test(surface) ? surface.toLocaleLowerCase() : surface
}

function createTally({ parts, isPhrasal }: Phrase): Tally {
  return { parts, voters: new Set(), before: new Map(), after: new Map(), forms: new Map(), isPhrasal }
}

function pairOf(nearest: Word | undefined, next: Word | undefined): string {
  return nearest === undefined ? '' : `${nearest.term} ${next?.term ?? ''}`
}

/** Voters amid the same words count as the square root of their number; at an end of the text there are no words to copy. */
function independentVotes(contexts: ReadonlyMap<string, number>): number {
  let votes = 0
  for (const [context, count] of contexts) votes += context === '' ? count : Math.sqrt(count)
  return votes
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** The key with the highest count; of equals the shortest, then the first in code point order. */
function mostUsed(counts: ReadonlyMap<string, number>): string {
  let best = ''
  let bestCount = 0
  for (const [key, count] of counts) {
    const isBetter = count > bestCount || (count === bestCount && (key.length < best.length || (key.length === best.length && key < best)))
    if (isBetter) [best, bestCount] = [key, count]
  }
  return best
}

/** Which words are written like names. */
class Capitals {
  readonly #uses = new Map<string, { inside: number; capital: number }>()
  #inside = 0
  #capital = 0

  add(words: readonly Word[]): void {
    for (const { surface, term, before, kind } of words) {
      if (before === 'sentence' || kind === 'number') continue
      const isCapital = /^\p{Lu}\p{Ll}/u.test(surface)
      const use = this.#uses.get(term) ?? { inside: 0, capital: 0 }
      use.inside++
      if (isCapital) use.capital++
      this.#uses.set(term, use)
      if (kind !== 'content') continue
      this.#inside++
      if (isCapital) this.#capital++
    }
  }

  isName(term: string): boolean {
    if (this.#capital > casingTells * this.#inside) return false
    const use = this.#uses.get(term)
    return use !== undefined && use.capital > 0 && use.capital >= nameCapitals * use.inside
  }
}
