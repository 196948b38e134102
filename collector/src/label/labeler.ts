/** The contract of every labeler: topics in, words for people out. */
import type { TermStatistics } from './term-statistics.ts'

/** Who worded a label: the key phrases of its messages, a language model, or a person. */
export type LabelSource = 'phrase' | 'llm' | 'user'

/** One user text of a topic. */
export interface TopicMessage {
  readonly text: string
  /** '' where the application names no users. */
  readonly userId: string
  readonly sessionId: string
  /** Cosine to the topic's centroid, −1…1. */
  readonly similarity: number
}

/** What a labeler sees of one topic. */
export interface TopicSample {
  readonly id: string
  /** Most central first; some hundreds are enough. */
  readonly messages: readonly TopicMessage[]
  /** Messages of the whole topic, of which `messages` is a sample. */
  readonly size: number
  /** The label the topic has now; `size` is the topic's size when it was given: without it only `reshaped` puts the label out of date. */
  readonly previous?: { readonly label: string; readonly description: string; readonly source: LabelSource; readonly size?: number }
  /** The topic was split or merged since its label was given. */
  readonly reshaped?: boolean
  /** Ids of the nearest topics, nearest first. */
  readonly neighbours: readonly string[]
}

/** A topic's words for people. */
export interface Label {
  /** At most six words, sentence case, unlike every other label of the run. */
  readonly label: string
  /** One sentence, without personal data that a pattern can find. */
  readonly description: string
  readonly source: LabelSource
  /** Best first. */
  readonly keyphrases: readonly string[]
  /** The shortest of the most central messages, redacted. */
  readonly central: string
}

/** Words labels for topics. */
export interface Labeler {
  /**
   * Labels topics; what a person wrote and what still fits is handed back as it was.
   * @param topics every topic that will be on the screen together, so that no two labels are alike
   * @param background how often each term is used over all topics
   * @returns one label for each topic, by its id
   * @throws only the signal's reason when it aborts; failures of a model or a network end in an offline label
   */
  label(
    topics: readonly TopicSample[],
    background: TermStatistics,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Map<string, Label>>
}

const relabelMassChange = 0.3 // below this share of new or lost messages a topic still is what its label says

/** Does the topic's label no longer say what it holds? Never for a label that a person wrote. */
export function isStale({ previous, size, reshaped }: TopicSample): boolean {
  if (previous === undefined) return true
  if (previous.source === 'user') return false
  return reshaped === true || (previous.size !== undefined && isOtherSize(size, previous.size))
}

/** Did a topic grow or shrink so much that it has to be looked at anew? */
export function isOtherSize(size: number, before: number): boolean {
  return Math.abs(size - before) >= relabelMassChange * before
}
