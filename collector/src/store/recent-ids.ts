/** Remembers which events were stored lately, so that a turn that arrives on several spans stays one event. */
import type { StoredEvent } from './event-body.ts'

const capacity = 200_000 // about 40 MB; minutes of traffic at thousands of events per second

/** The first span of a turn wins; another try at the same segment is not a repeat. */
export class RecentIds {
  private readonly seen = new Map<string, string>()

  /** false when another segment or span brought this event before. */
  isNew(event: StoredEvent, segmentId: string): boolean {
    const key = `${event.project}\n${event.eventId}\n${event.dimension}`
    const owner = `${segmentId}\n${event.timeUnixNano}`
    const known = this.seen.get(key)
    if (known !== undefined) return known === owner
    this.seen.set(key, owner)
    if (this.seen.size > capacity) {
      for (const oldest of this.seen.keys()) {
        this.seen.delete(oldest)
        break
      }
    }
    return true
  }
}
