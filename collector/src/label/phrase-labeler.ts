/** The offline labeler: a topic's label is the phrase that sets it apart, its description a message of its own. */
import { setImmediate } from 'node:timers/promises'
import { centralMessage } from './central-message.ts'
import { makeDistinct } from './distinct-labels.ts'
import { type KeyPhrase, keyPhrases } from './key-phrases.ts'
import { toLabelText, toSentenceCase } from './label-text.ts'
import { type Label, type Labeler, type TopicSample, isStale } from './labeler.ts'
import type { TermStatistics } from './term-statistics.ts'
import { countVotes } from './term-votes.ts'

const untitled = 'Untitled topic'

/** Labels topics with their own words: no network, no model, the same input gives the same labels. */
export function createPhraseLabeler(): Labeler {
  function labelTopic(topic: TopicSample, background: TermStatistics): Label {
    const { phrases, text } = phrasesOf(topic, background)
    const central = centralMessage(topic.messages, phrases[0]?.parts ?? [], background.wordsOf)
    const words = { keyphrases: phrases.map(({ form }) => form), central }
    if (topic.previous !== undefined && !isStale(topic)) {
      const { label, description, source } = topic.previous
      return { ...words, label, description, source }
    }
    return { ...words, label: text || toSentenceCase(central) || untitled, description: central, source: 'phrase' }
  }

  return {
    async label(topics, background, { signal } = {}) {
      const labels = new Map<string, Label>()
      for (const topic of topics) {
        signal?.throwIfAborted()
        labels.set(topic.id, labelTopic(topic, background))
        await setImmediate() // a topic costs milliseconds; requests go first
      }
      return makeDistinct(topics, labels)
    },
  }
}

/** Key phrases and the label they make; topics of nothing but small words ("yes", "thank you") are labelled by those. */
function phrasesOf(topic: TopicSample, background: TermStatistics): { phrases: KeyPhrase[]; text: string } {
  const content = background.termsOf(topic)
  const phrases = keyPhrases(content, background)
  if (phrases.length > 0) return { phrases, text: toLabelText(phrases, content) }
  const everyWord = countVotes(topic.messages, { everyWord: true, wordsOf: background.wordsOf })
  const smallPhrases = keyPhrases(everyWord, background)
  return { phrases: smallPhrases, text: toLabelText(smallPhrases, everyWord) }
}
