/** Remembers which events were stored lately, so that a turn that arrives on several spans stays one event. */
import type { StoredEvent } from './event-body.ts'

const capacity = 200_000 // about 40 MB; minutes of traffic at thousands of events per second

type EventKey = Pick<StoredEvent, 'project' | 'eventId' | 'dimension'>

/** The first span of a turn wins; another try at the same segment is not a repeat. */
export class RecentIds {
  private readonly seen = new Map<string, string>()

  /** false when another segment or span brought this event before. */
  isNew(event: StoredEvent, segmentId: string): boolean {
    const owner = `${segmentId}\n${event.timeUnixNano}`
    const known = this.seen.get(keyOf(event))
    if (known !== undefined) return known === owner
    this.remember(event, owner)
    return true
  }

  /** @param owner which segment and span brought it; '' = an earlier run of the collector */
  remember(event: EventKey, owner = ''): void {
    this.seen.set(keyOf(event), owner)
    if (this.seen.size <= capacity) return
    for (const oldest of this.seen.keys()) {
      this.seen.delete(oldest)
      break
    }
  }
}

function keyOf({ project, eventId, dimension }: EventKey): string {
  return `${project}\n${eventId}\n${dimension}`
}
