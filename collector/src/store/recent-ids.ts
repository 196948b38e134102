/** Remembers which events were stored lately, so that a turn that arrives on several spans, or twice, stays one event. */
import type { StoredEvent } from './event-body.ts'
import type { EventKey } from './event-key.ts'
import { RecentPlaces } from './recent-places.ts'

const capacity = 100_000 // 8 MB; as many as a restart reads back

/** The first span of a turn wins; another try at the same segment is not a repeat. */
export class RecentIds {
  private readonly seen = new RecentPlaces(capacity)
  private segmentId = ''
  private segments = 0

  /** false when another segment, or another place in this one, brought this event before. */
  isNew(event: StoredEvent, segmentId: string): boolean {
    if (segmentId !== this.segmentId) {
      this.segmentId = segmentId
      this.segments++
    }
    const place = this.segments * maxSegmentBytes + event.encoded.place
    const { key } = event
    const known = this.seen.get(key)
    if (known !== undefined) return known === place
    this.seen.set(key, place)
    return true
  }

  /** An event of an earlier run of the collector. */
  remember(key: EventKey): void {
    this.seen.set(key, 0)
  }
}

const maxSegmentBytes = 2 ** 32
