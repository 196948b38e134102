/** Span ids at random, trace ids by choice: how a track span gets the trace id of its session. */
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace'

/** An id generator whose next trace id can be chosen, for the length of one synchronous call. */
export class SessionIdGenerator implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  #traceId: string | undefined

  /**
   * Runs `start` so that a root span started in it has this trace id. The id is forgotten afterwards even when `start`
   * throws or never asks for it (as under suppressed tracing): otherwise it would land in the next session.
   */
  withTraceId<T>(traceId: string, start: () => T): T {
    this.#traceId = traceId
    try {
      return start()
    } finally {
      this.#traceId = undefined
    }
  }

  generateTraceId(): string {
    return this.#traceId ?? this.#random.generateTraceId()
  }

  generateSpanId(): string {
    return this.#random.generateSpanId()
  }
}
