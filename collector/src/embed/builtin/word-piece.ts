/** BERT's uncased WordPiece: text → words → ids of vocabulary pieces. `tools/static-embedding/wordpiece.py` does the same. */

const maxWordLength = 100 // a longer word is unknown, as in BERT; it also bounds the greedy search
const maxCachedWords = 50_000 // about 8 MB; then the cache starts again
const notPlain = /[^\x20-\x7e]/
const dropped = /(?!\s)[\p{M}\p{Cc}\p{Cf}]/gu
const word = /[\p{P}\p{S}]|[^\s\p{P}\p{S}]+/gu
const unknown: readonly number[] = []

/** Splits texts into pieces of one vocabulary; remembers the words it has split. */
export class WordPiece {
  readonly #beginnings = new Map<string, number>()
  readonly #continuations = new Map<string, number>()
  readonly #cache = new Map<string, readonly number[]>()

  /** @param vocabulary the pieces by id; `##` marks one that continues a word */
  constructor(vocabulary: readonly string[]) {
    for (const [id, piece] of vocabulary.entries()) {
      if (piece.startsWith('##') && piece.length > 2) this.#continuations.set(piece.slice(2), id)
      else this.#beginnings.set(piece, id)
    }
  }

  /**
   * Ids of a word from `splitWords`, longest pieces first.
   * @returns empty for a word that cannot be put together from the vocabulary
   */
  encodeWord(word: string): readonly number[] {
    const known = this.#cache.get(word)
    if (known !== undefined) return known

    const ids = this.#split(word)
    if (this.#cache.size >= maxCachedWords) this.#cache.clear()
    this.#cache.set(word, ids)
    return ids
  }

  #split(word: string): readonly number[] {
    if (word.length > maxWordLength) return unknown

    const ids: number[] = []
    let start = 0
    while (start < word.length) {
      const pieces = start === 0 ? this.#beginnings : this.#continuations
      let end = word.length
      let id = pieces.get(word.slice(start, end))
      while (id === undefined && --end > start) id = pieces.get(word.slice(start, end))
      if (id === undefined) return unknown
      ids.push(id)
      start = end
    }
    return ids
  }
}

/** Lower-cased words of a text without accents and control characters; each punctuation character or symbol is a word of its own. */
export function splitWords(text: string): readonly string[] {
  let plain = text.toLowerCase()
  if (notPlain.test(plain)) plain = plain.normalize('NFD').replace(dropped, '')
  return plain.match(word) ?? []
}
