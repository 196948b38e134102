/** No two topics on one screen with the same words. */
import { maxLabelWords } from './label-text.ts'
import type { Label, TopicSample } from './labeler.ts'

/**
 * Makes labels distinct: of topics with the same label the largest keeps it, the others add their next phrase.
 * Labels that topics had before go first, and what people wrote is never changed.
 */
export function makeDistinct(topics: readonly TopicSample[], labels: ReadonlyMap<string, Label>): Map<string, Label> {
  const taken = new Set<string>()
  const chosen = new Map<string, string>()
  for (const { id } of byPrecedence(topics, labels)) {
    const label = labels.get(id)!
    const text = label.source === 'user' ? label.label : firstFree(label, taken)
    taken.add(toKey(text))
    chosen.set(id, text)
  }
  return new Map([...labels].map(([id, label]) => [id, { ...label, label: chosen.get(id)! }]))
}

function byPrecedence(topics: readonly TopicSample[], labels: ReadonlyMap<string, Label>): TopicSample[] {
  const rank = ({ id, previous }: TopicSample): number => {
    const label = labels.get(id)!
    if (label.source === 'user') return 0
    return label.label === previous?.label ? 1 : 2
  }
  return topics.toSorted((a, b) => rank(a) - rank(b) || b.size - a.size || (a.id < b.id ? -1 : 1))
}

/** The label, or the label with one of its other phrases, or numbered. */
function firstFree({ label, keyphrases }: Label, taken: ReadonlySet<string>): string {
  const words = wordsOf(label)
  const known = new Set(words.map((word) => word.toLowerCase()))
  const others = keyphrases.filter((phrase) => !wordsOf(phrase.toLowerCase()).some((word) => known.has(word)))
  const extended = others.map((phrase) => `${label}: ${phrase}`).filter((text) => wordsOf(text).length <= maxLabelWords)
  const free = [label, ...extended].find((text) => !taken.has(toKey(text)))
  if (free !== undefined) return free
  const short = words.slice(0, maxLabelWords - 1).join(' ')
  let number = 2
  while (taken.has(toKey(`${short} ${number}`))) number++
  return `${short} ${number}`
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/u)
}

function toKey(label: string): string {
  return label
    .toLocaleLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
