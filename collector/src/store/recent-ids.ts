/** Remembers which events were stored lately, so that a turn that arrives on several spans stays one event. */
import { WireReader } from '../wire/reader.ts'
import type { StoredEvent } from './event-body.ts'

const capacity = 200_000 // about 40 MB; minutes of traffic at thousands of events per second

/** The first span of a turn wins; a retry of the same segment is not a repeat. */
export class RecentIds {
  private readonly seen = new Map<string, string>()

  /** false when another segment or span brought this event before. */
  isNew(event: StoredEvent, segmentId: string): boolean {
    const { id, time, dimension } = keyOf(event)
    const key = `${event.project}\n${id}\n${dimension}`
    const owner = `${segmentId}\n${time}`
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

function keyOf(event: StoredEvent): { id: string; time: bigint; dimension: string } {
  const reader = new WireReader(event.bytes)
  const end = event.bytes.length
  let id = ''
  let dimension = ''
  let time = 0n
  while (reader.pos < end) {
    const tag = reader.tag(end)
    if (tag === 10) id = reader.string(end)
    else if (tag === 50) dimension = reader.string(end)
    else if (tag === 177) time = reader.fixed64(end)
    else reader.skip(tag, end)
  }
  return { id, time, dimension }
}
