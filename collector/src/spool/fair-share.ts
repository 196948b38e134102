/** Divides the spool between projects, so that a noisy one cannot keep the others out. */

const eagerness = 8 // one project alone may fill 8/9 of the spool, two get 8/17 each, and so on: nobody ever takes the last room

/**
 * A project may hold up to eight times the room that is still free: the fuller the spool, the smaller what one may hold, and a
 * project that sends little is let in whatever the others do. Source: Choudhury & Hahne 1998, "Dynamic queue length thresholds".
 */
export class FairShare {
  private readonly maxBytes: number
  private readonly byProject = new Map<string, number>()
  private readonly bySegment = new Map<string, Map<string, number>>()

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  /** @param usedBytes held by everybody */
  hasRoom(project: string, sizeBytes: number, usedBytes: number): boolean {
    const freeBytes = this.maxBytes - usedBytes
    return sizeBytes <= freeBytes && (this.byProject.get(project) ?? 0) + sizeBytes <= eagerness * freeBytes
  }

  hold(project: string, sizeBytes: number): void {
    const bytes = (this.byProject.get(project) ?? 0) + sizeBytes
    if (bytes > 0) this.byProject.set(project, bytes)
    else this.byProject.delete(project)
  }

  /** What is held stands in a segment now, and is let go with it. */
  keep(segmentId: string, project: string, sizeBytes: number): void {
    const held = this.bySegment.get(segmentId) ?? new Map<string, number>()
    this.bySegment.set(segmentId, held.set(project, (held.get(project) ?? 0) + sizeBytes))
  }

  release(segmentId: string): void {
    for (const [project, sizeBytes] of this.bySegment.get(segmentId) ?? []) this.hold(project, -sizeBytes)
    this.bySegment.delete(segmentId)
  }
}
