/** How much of what users write the embedding knows: the builtin table knows English only. */
import type { Embedder } from '../embed/embedder.ts'

const recentTexts = 1000
const lettersAndDigits = /[\p{L}\p{N}]/u

/** The mean over recent texts, older ones counting less and less. */
export class KnownShare {
  private readonly embedder: Embedder
  private sum = 0
  private weight = 0

  constructor(embedder: Embedder) {
    this.embedder = embedder
  }

  /** Texts without letters say nothing. */
  add(text: string): void {
    const { embedder } = this
    if (embedder.knownShare === undefined || !lettersAndDigits.test(text)) return
    const kept = 1 - 1 / recentTexts
    this.sum = this.sum * kept + embedder.knownShare(text)
    this.weight = this.weight * kept + 1
  }

  /** 0…1; undefined before the first text, and where the embedding cannot say. */
  get value(): number | undefined {
    return this.weight === 0 ? undefined : this.sum / this.weight
  }
}
