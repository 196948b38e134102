/** Checks what a language model proposes: an injected, leaked or broken label must not reach the screen. */
import { wordRuns } from './examples.ts'
import { maxLabelWords } from './label-text.ts'
import type { TopicMessage } from './labeler.ts'
import { redact } from './redact.ts'
import { type TermVotes, countVotes } from './term-votes.ts'
import { isGeneric } from './vocabulary.ts'
import { createWordReader, toTerm } from './words.ts'

const maxLabelLength = 60 // characters
const maxDescriptionLength = 240
const minPeople = 2
const maxCopies = 0.2 // share of a topic's people who may copy one text without making its words the topic's
const quotedWords = 5
const minQuoters = 3 // a run of words that so many wrote is a way of speaking, not a quotation

const labelPattern = /^[\p{L}\p{M}\p{N} '’&/,()+.:-]+$/u
const descriptionPattern = /^[\p{L}\p{M}\p{N} '’"“”&/,()+.:;!?%–—-]+$/u

/** Why a text was refused; a code, for counters and logs. */
export type Fault = 'empty' | 'length' | 'characters' | 'personal data' | 'quotation' | 'foreign word' | 'single person'

/** Checks a model's words against the messages of one topic. */
export class LabelValidator {
  readonly #votes: TermVotes
  readonly #texts: readonly { readonly text: string; readonly person: string }[]
  readonly #wordsOf = createWordReader()

  /** @param messages all that are at hand, not only those the model saw */
  constructor(messages: readonly TopicMessage[]) {
    this.#votes = countVotes(messages, { everyWord: true, wordsOf: this.#wordsOf })
    this.#texts = messages.map(({ text, userId, sessionId }) => ({
      text: ` ${wordRuns(text, Infinity)[0] ?? ''} `,
      person: userId || sessionId,
    }))
  }

  /** @returns undefined for a good label: each of its words is used by several people in several ways, or is generic */
  faultOfLabel(label: string): Fault | undefined {
    if (label.trim() === '') return 'empty'
    if (label.length > maxLabelLength || label.trim().split(/\s+/u).length > maxLabelWords) return 'length'
    if (!labelPattern.test(label)) return 'characters'
    if (redact(label) !== label) return 'personal data'
    if (this.#isQuotation(label)) return 'quotation'
    const words = this.#wordsOf(label)
    return words.every(({ surface, term }) => this.#isCommon(term) || isGeneric(surface)) ? undefined : 'foreign word'
  }

  /** @returns undefined for a good description: no word of it that only one person used, nothing quoted */
  faultOfDescription(description: string): Fault | undefined {
    if (description.trim() === '') return 'empty'
    if (description.length > maxDescriptionLength) return 'length'
    if (!descriptionPattern.test(description)) return 'characters'
    if (redact(description) !== description) return 'personal data'
    if (this.#isQuotation(description)) return 'quotation'
    const isLeak = this.#wordsOf(description).some(({ surface, term }) => this.#isRare(term) && !isGeneric(surface))
    return isLeak ? 'single person' : undefined
  }

  /** Do the topic's people write this word with a capital inside sentences? */
  isProper(word: string): boolean {
    return /^\p{Lu}/u.test(this.#votes.terms.get(toTerm(word))?.form ?? '')
  }

  #isCommon(term: string): boolean {
    const use = this.#votes.terms.get(term)
    const votesOfCopies = Math.sqrt(maxCopies * this.#votes.voters)
    return use !== undefined && use.voters >= minPeople && use.votes >= Math.max(minPeople, votesOfCopies)
  }

  /** Used in the topic, but by too few, or always amid the same words. */
  #isRare(term: string): boolean {
    return this.#votes.terms.has(term) && !this.#isCommon(term)
  }

  #isQuotation(text: string): boolean {
    return wordRuns(text, quotedWords).some((run) => {
      if (run.split(' ').length < quotedWords) return false
      const people = new Set(this.#texts.filter((message) => message.text.includes(` ${run} `)).map(({ person }) => person))
      return people.size > 0 && people.size < minQuoters
    })
  }
}
