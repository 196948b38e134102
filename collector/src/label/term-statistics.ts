/** How often terms are used over all topics: what makes a topic's own words stand out. */
import { type TermVotes, countVotes } from './term-votes.ts'
import type { TopicSample } from './labeler.ts'

/** Use of terms over all topics. */
export interface TermStatistics {
  /** Topics counted. */
  readonly topics: number
  /** Mean votes of a topic over all its terms. */
  readonly meanVotes: number
  /** Votes for a term over all topics; 0 for an unknown one. */
  votes(term: string): number
  /** Topics in which at least two people used the term. */
  topicsWith(term: string): number
}

/** Counts the terms of all topics. Cost O(words). */
export function toTermStatistics(topics: readonly TopicSample[]): TermStatistics {
  return fromVotes(topics.map(({ messages }) => countVotes(messages)))
}

/** The same of topics whose votes are counted already. */
export function fromVotes(topics: readonly TermVotes[]): TermStatistics {
  const votes = new Map<string, number>()
  const topicsWith = new Map<string, number>()
  let total = 0
  for (const topic of topics) {
    total += topic.total
    for (const [term, use] of topic.terms) {
      votes.set(term, (votes.get(term) ?? 0) + use.votes)
      if (use.voters >= 2) topicsWith.set(term, (topicsWith.get(term) ?? 0) + 1)
    }
  }
  return {
    topics: topics.length,
    meanVotes: topics.length === 0 ? 0 : total / topics.length,
    votes: (term) => votes.get(term) ?? 0,
    topicsWith: (term) => topicsWith.get(term) ?? 0,
  }
}
