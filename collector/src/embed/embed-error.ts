/** What embedding can fail with. */

/** `EMBED_UNAVAILABLE`: no answer or a refusal that may pass; the others need a person or another text. */
export type EmbedErrorCode = 'EMBED_UNAVAILABLE' | 'EMBED_REFUSED' | 'EMBED_BAD_ANSWER' | 'EMBED_MODEL_MISSING' | 'EMBED_MODEL_INVALID'

/** A failure of an embedding provider or of its model's files; never carries the texts. */
export class EmbedError extends Error {
  override readonly name = 'EmbedError'
  readonly code: EmbedErrorCode
  /** True when the same call may succeed later. */
  readonly retryable: boolean

  constructor(code: EmbedErrorCode, message: string, options: { cause?: unknown; retryable: boolean }) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.retryable = options.retryable
  }
}
