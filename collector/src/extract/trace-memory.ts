/** What recent requests said of a trace: the spans of one turn may arrive in several. */

const capacity = 100_000 // traces; about 10 MB

/** Remembers traces in which a call of a language model was seen. The oldest are forgotten first. */
export class TraceMemory {
  private readonly calls = new Set<string>()

  rememberCall(traceId: string): void {
    this.calls.add(traceId)
    if (this.calls.size <= capacity) return
    for (const oldest of this.calls) {
      this.calls.delete(oldest)
      break
    }
  }

  hasCall(traceId: string): boolean {
    return this.calls.has(traceId)
  }
}
