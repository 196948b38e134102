/** Which of a track span's metadata values are user texts. */

/** What is known of a project's metadata keys. */
export interface TextFields {
  /** Keys that are texts whatever they hold, most important first. */
  readonly textKeys: readonly string[]
  /** The kind that the project's `fields` table gives a key; undefined while unknown. */
  readonly kindOf: (key: string) => 'text' | 'enum' | 'number' | undefined
}

/** A key and its value as text. */
export interface Metadatum {
  readonly key: string
  readonly text: string
  /** Of the text, in UTF-16 code units: known without decoding it. */
  readonly length: number
  /** Nothing but white space. */
  readonly isBlank: boolean
}

const minWordsOfText = 4 // "new york city" or "Mozilla Firefox 128" are values; four words and more are mostly sentences
const minLengthOfText = 2 * minWordsOfText - 1 // four words of a letter each

/**
 * The user texts among a span's metadata, main text first. Until a key's kind is known it counts as text when it is one of
 * `textKeys` or holds several words; when nothing does, the longest string is the text: every event has one.
 */
export function textsAmong<M extends Metadatum>(metadata: readonly M[], { textKeys, kindOf }: TextFields): M[] {
  const texts: M[] = []
  for (const key of textKeys) {
    for (const item of metadata) if (item.key === key && !item.isBlank) texts.push(item)
  }
  const named = texts.length
  for (const item of metadata) if (!texts.includes(item) && isText(item, kindOf(item.key))) texts.push(item)
  if (texts.length > named + 1) return [...texts.slice(0, named), ...texts.slice(named).sort(byLength)]
  if (texts.length > 0) return texts
  const strings = metadata.filter((item) => !item.isBlank && kindOf(item.key) !== 'number' && Number.isNaN(Number(item.text)))
  return strings.sort(byLength).slice(0, 1)
}

/** @param kind of its key; undefined while unknown */
function isText(item: Metadatum, kind: 'text' | 'enum' | 'number' | undefined): boolean {
  if (kind !== undefined) return kind === 'text' && !item.isBlank
  return item.length >= minLengthOfText && item.text.trim().split(/\s+/u, minWordsOfText).length >= minWordsOfText
}

/** Longest first. */
function byLength(a: Metadatum, b: Metadatum): number {
  return b.length - a.length || (a.key < b.key ? -1 : 1)
}
