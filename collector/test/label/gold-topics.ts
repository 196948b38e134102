/** Labelled data sets as topics, and how well labels name their true intents: protocol of the offline label scores. */
import type { Label, TopicSample } from '../../src/label/labeler.ts'
import { isFunctionWord } from '../../src/label/stop-words.ts'
import { toTerm } from '../../src/label/words.ts'
import { readSharedRows } from '../shared-data.ts'

/** One topic per gold label of at least five messages, up to 300 messages in stored order; every message a person of its own, or a session's. */
export function goldTopics(path: string): TopicSample[] {
  const texts = new Map<string, { text: string; sessionId: string }[]>()
  for (const [index, row] of readSharedRows<{ text: string; label: string; session_id?: string }>(path).entries()) {
    texts.set(row.label, [...(texts.get(row.label) ?? []), { text: row.text, sessionId: row.session_id ?? String(index) }])
  }
  return [...texts]
    .filter(([, rows]) => rows.length >= 5)
    .map(([id, rows]) => ({
      id,
      messages: rows.slice(0, 300).map((row) => ({ ...row, userId: '', similarity: 1 })),
      size: rows.length,
      neighbours: [],
    }))
}

export interface LabelScore {
  /** Mean share of the words of the gold name that the shown text holds, stemmed, 0…1. */
  readonly recall: number
  /** Share of topics with at least one such word, 0…1. */
  readonly anyHit: number
}

/**
 * Scores labels against the gold names, which are the topics' ids.
 * @param keyphrases how many of the key phrases are shown beside the label
 */
export function scoreLabels(labels: ReadonlyMap<string, Label>, keyphrases: number): LabelScore {
  const recalls = [...labels].map(([gold, label]) => recallOf(gold, [label.label, ...label.keyphrases.slice(0, keyphrases)].join(' ')))
  return {
    recall: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    anyHit: recalls.filter((recall) => recall > 0).length / recalls.length,
  }
}

/** Function words of the gold name do not count, unless it has no others. */
function recallOf(gold: string, shown: string): number {
  const words = stemsOf(gold.replaceAll(/([a-z])([A-Z])/gu, '$1 $2'))
  const content = words.filter((word) => !isFunctionWord(word))
  const wanted = content.length > 0 ? content : words
  const found = new Set(stemsOf(shown))
  return wanted.filter((word) => found.has(word)).length / wanted.length
}

function stemsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/gu) ?? []).map(toTerm)
}
