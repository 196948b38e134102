/** Cuts texts and requests to what OpenAI-compatible servers take. */

// OpenAI's limits are 2048 texts, 8192 tokens a text and 300,000 tokens a request: https://platform.openai.com/docs/api-reference/embeddings
const maxTexts = 256
const maxTokensPerText = 8000
const maxTokensPerRequest = 200_000
const loneSurrogate = /\p{Surrogate}/gu

/** A text as it is sent, with the row it belongs to. */
export interface OutgoingText {
  readonly row: number
  readonly text: string
}

/**
 * Groups the texts into requests.
 * @returns batches in row order; blank texts are in none, because servers refuse them
 */
export function toBatches(texts: readonly string[]): OutgoingText[][] {
  const batches: OutgoingText[][] = []
  let batch: OutgoingText[] = []
  let batchTokens = 0
  for (const [row, original] of texts.entries()) {
    if (original.trim() === '') continue

    const { text, tokens } = cutText(original.replace(loneSurrogate, '\ufffd'))
    if (batch.length === maxTexts || batchTokens + tokens > maxTokensPerRequest) {
      batches.push(batch)
      batch = []
      batchTokens = 0
    }
    batch.push({ row, text })
    batchTokens += tokens
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

/** The text up to `maxTokensPerText`, by a careful estimate: a token for three ASCII characters or for one other. */
function cutText(text: string): { text: string; tokens: number } {
  let tokens = 0
  let end = 0
  for (const character of text) {
    tokens += character < '\x80' ? 1 / 3 : 1
    if (tokens > maxTokensPerText) return { text: text.slice(0, end), tokens: maxTokensPerText }
    end += character.length
  }
  return { text, tokens }
}
