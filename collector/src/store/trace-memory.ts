/** Remembers which traces brought turns lately: a trace that comes back has something to settle. */

const capacity = 100_000 // traces; about 15 MB

/** The oldest traces are forgotten first. */
export class TraceMemory {
  /** Value: was there a call with a text? */
  private readonly traces = new Map<string, boolean>()

  has(project: string, traceId: string): boolean {
    return this.traces.has(`${project}\n${traceId}`)
  }

  hasCall(project: string, traceId: string): boolean {
    return this.traces.get(`${project}\n${traceId}`) === true
  }

  remember(project: string, traceId: string, isCall: boolean): void {
    const key = `${project}\n${traceId}`
    const known = this.traces.get(key) === true
    this.traces.delete(key)
    this.traces.set(key, known || isCall)
    if (this.traces.size <= capacity) return
    for (const oldest of this.traces.keys()) {
      this.traces.delete(oldest)
      break
    }
  }
}
