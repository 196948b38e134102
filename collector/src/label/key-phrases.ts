/** The phrases that set a topic apart from the others. */
import { particles } from './stop-words.ts'
import type { TermStatistics } from './term-statistics.ts'
import type { TermUse, TermVotes } from './term-votes.ts'

/** A phrase of a topic. */
export interface KeyPhrase extends TermUse {
  /** Above 0; only comparable inside one topic. */
  readonly score: number
}

const defaultPhraseOptions = {
  /** How many at most. */
  limit: 5,
  /** People who must have used a phrase. */
  minVoters: 3,
} as const

const phraseBonus = [1, 1.5, 1.5] // for one, two, three words: measured best, clustering of intents
const nameCoverage = 0.25 // a name that so many use is what the topic is about ("Google Pay"), others leak a person or place
const particleShare = 0.4 // of a verb's uses: "log in" is a phrase, "card in" is not

/**
 * Key phrases, best first: class-based TF-IDF × √coverage, longer phrases preferred, none sharing a word with a better one.
 * @param background the same terms over all topics, this one included
 * Source: Grootendorst 2022 (c-TF-IDF), §3.
 */
export function keyPhrases(
  topic: TermVotes,
  background: TermStatistics,
  options: Partial<{ limit: number; minVoters: number }> = {},
): KeyPhrase[] {
  const { limit, minVoters } = { ...defaultPhraseOptions, ...options }
  const candidates: KeyPhrase[] = []
  for (const use of topic.terms.values()) {
    if (use.voters >= Math.min(minVoters, topic.voters) && isPhrase(use, topic))
      candidates.push({ ...use, score: scoreOf(use, topic, background) })
  }
  candidates.sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1))
  return withoutOverlap(candidates, limit)
}

/** The verb with its particle, where people hardly say it without: "top up" for "top". */
export function phrasalOf(verb: string, topic: TermVotes): TermUse | undefined {
  const alone = topic.terms.get(verb)?.voters ?? 0
  const candidates = particles.map((particle) => topic.terms.get(`${verb} ${particle}`))
  return candidates.find((use) => use?.isPhrasal === true && use.voters >= particleShare * alone)
}

function isPhrase(use: TermUse, topic: TermVotes): boolean {
  if (use.isName && use.voters < nameCoverage * topic.voters) return false
  return !use.isPhrasal || phrasalOf(use.parts[0]!, topic) === use
}

function scoreOf({ term, parts, votes }: TermUse, topic: TermVotes, background: TermStatistics): number {
  const frequency = votes / topic.total
  const rarity = Math.log(1 + background.meanVotes / Math.max(background.votes(term), votes))
  return frequency * rarity * Math.sqrt(votes / topic.voters) * phraseBonus[parts.length - 1]!
}

function withoutOverlap(candidates: readonly KeyPhrase[], limit: number): KeyPhrase[] {
  const chosen: KeyPhrase[] = []
  const taken = new Set<string>()
  for (const candidate of candidates) {
    if (chosen.length === limit) break
    if (candidate.parts.some((part) => part !== 'not' && taken.has(part))) continue
    for (const part of candidate.parts) taken.add(part)
    chosen.push(candidate)
  }
  return chosen
}
