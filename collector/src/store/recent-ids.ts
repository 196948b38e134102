/** Remembers which events were stored lately, so that a turn that arrives on several spans, or twice, stays one event. */
import type { StoredEvent } from './event-body.ts'
import { RecentMap } from './recent-map.ts'

const capacity = 100_000 // about 12 MB, twice that at most; as many as a restart reads back

type EventKey = Pick<StoredEvent, 'project' | 'eventId' | 'dimension'>

/** The first span of a turn wins; another try at the same segment is not a repeat. */
export class RecentIds {
  private readonly seen = new RecentMap<number>(capacity)
  private segmentId = ''
  private segments = 0

  /** false when another segment, or another place in this one, brought this event before. */
  isNew(event: StoredEvent, segmentId: string): boolean {
    if (segmentId !== this.segmentId) {
      this.segmentId = segmentId
      this.segments++
    }
    const place = this.segments * maxSegmentBytes + event.encoded.start
    const known = this.seen.get(keyOf(event))
    if (known !== undefined) return known === place
    this.remember(event, place)
    return true
  }

  /** @param place in which segment, and where there; 0 = an earlier run of the collector */
  remember(event: EventKey, place = 0): void {
    this.seen.set(keyOf(event), place)
  }
}

const maxSegmentBytes = 2 ** 32

function keyOf({ project, eventId, dimension }: EventKey): string {
  return `${project}\n${eventId}\n${dimension}`
}
