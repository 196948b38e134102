/** What every part of the bench is given. */
import type { EmbeddedTexts } from './texts.ts'

export interface Bench {
  /** Names the bars. */
  readonly provider: string
  readonly sets: readonly string[]
  readonly seeds: readonly number[]
  /** Of the cost measurement. */
  readonly messages: number
  /** undefined where the set is not there, which is printed. */
  readonly texts: (set: string) => Promise<EmbeddedTexts | undefined>
}

export const messagesPerSet = 10_000
