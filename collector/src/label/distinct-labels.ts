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
    const text = label.source === 'user' ? label.label : variants(label).find((variant) => !taken.has(toKey(variant)))!
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

/** The label, then the label with each of its other phrases, then numbered. */
function variants({ label, keyphrases }: Label): string[] {
  const words = new Set(label.toLowerCase().split(/\s+/u))
  const others = keyphrases.filter(
    (phrase) =>
      !phrase
        .toLowerCase()
        .split(/\s+/u)
        .some((word) => words.has(word)),
  )
  const extended = others.map((phrase) => `${label}: ${phrase}`).filter((text) => text.split(/\s+/u).length <= maxLabelWords)
  const short = label
    .split(/\s+/u)
    .slice(0, maxLabelWords - 1)
    .join(' ')
  return [label, ...extended, ...Array.from({ length: maxNumber }, (_, index) => `${short} ${index + 2}`)]
}

const maxNumber = 10_000 // more topics than any run has

function toKey(label: string): string {
  return label
    .toLocaleLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
