/** Remembers which traces brought turns lately: a trace that comes back has something to settle. */
import { RecentMap } from './recent-map.ts'

const capacity = 100_000 // traces; about 15 MB, twice that at most

/** The oldest traces are forgotten first. */
export class TraceMemory {
  /** Value: was there a call with a text? */
  private readonly traces = new RecentMap<boolean>(capacity)

  has(project: string, traceId: string): boolean {
    return this.traces.get(`${project}\n${traceId}`) !== undefined
  }

  hasCall(project: string, traceId: string): boolean {
    return this.traces.get(`${project}\n${traceId}`) === true
  }

  remember(project: string, traceId: string, isCall: boolean): void {
    const key = `${project}\n${traceId}`
    this.traces.set(key, isCall || this.traces.get(key) === true)
  }
}
