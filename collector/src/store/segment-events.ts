/** What one segment brings for `events` and `turn_parts`: collected piece by piece, then inserted at once. */
import { hashText } from '../embed/text-hash.ts'
import type { Metrics } from '../telemetry.ts'
import { WireWriter } from '../wire/writer.ts'
import { type Assignment, type StoredEvent, eventsOf, writeEvent, writePart } from './event-body.ts'
import { RowFile } from './row-file.ts'
import type { SegmentPiece } from './segment-reader.ts'
import type { PartSorter, StoredTrace } from './sort-parts.ts'

/** Gives texts their topics at arrival; the topics stage implements it. */
export interface Assigner {
  /** One assignment per event, in order. Never rejects: what it cannot assign in time it leaves for later (all zero). */
  assign(events: readonly StoredEvent[], signal: AbortSignal): Promise<readonly Assignment[]>
}

export interface SegmentEventsOptions {
  readonly assigner: Assigner
  /** Mood of a text, −1…1. */
  readonly sentiment: (text: string) => number
  /** false: users' texts go no further than to their topics. */
  readonly storeContent: boolean
  readonly metrics: Pick<Metrics, 'unassignedTexts'>
}

const assignBudgetMs = 1_000 // for the texts of one segment: more are stored first and get their topic later

export class SegmentEvents {
  readonly events: RowFile
  readonly parts: RowFile
  /** Traces whose events may have to change. */
  readonly unsettled: StoredTrace[] = []
  count = 0
  private readonly options: SegmentEventsOptions
  private readonly writer = new WireWriter(1024 * 1024)
  private assignMs = 0

  /** @param path of the segment; the rows stand in files beside it until `remove` */
  constructor(path: string, options: SegmentEventsOptions) {
    this.events = new RowFile(`${path}.events`)
    this.parts = new RowFile(`${path}.parts`)
    this.options = options
  }

  async add(
    piece: SegmentPiece,
    { segmentId, sorter, signal }: { segmentId: string; sorter: PartSorter; signal: AbortSignal },
  ): Promise<void> {
    const { sentiment, storeContent: keepText } = this.options
    const { events, parts, unsettled } = sorter.sort(eventsOf(piece), segmentId)
    const assignments = await this.assign(events, signal)
    this.writer.reset()
    for (const [i, event] of events.entries()) {
      writeEvent(this.writer, event, { assignment: assignments[i]!, sentiment: sentiment(event.text), keepText })
    }
    await this.events.append(this.writer.written)
    this.writer.reset()
    for (const part of parts) writePart(this.writer, part)
    await this.parts.append(this.writer.written)
    this.unsettled.push(...unsettled)
    this.count += events.length
  }

  async remove(): Promise<void> {
    await this.events.remove()
    await this.parts.remove()
  }

  private async assign(events: readonly StoredEvent[], signal: AbortSignal): Promise<readonly Assignment[]> {
    if (events.length === 0) return []
    const { assigner, storeContent, metrics } = this.options
    if (storeContent && this.assignMs > assignBudgetMs) {
      metrics.unassignedTexts.inc(events.length)
      return events.map(({ text }) => unassigned(text))
    }
    const startedAt = performance.now()
    const assignments = await assigner.assign(events, signal)
    this.assignMs += performance.now() - startedAt
    return assignments
  }
}

/** The assignment of a text that has yet to be seen. */
export function unassigned(text: string): Assignment {
  return { textHash: hashText(text), anchorId: 0n, topicId: 0n, similarity: 0, outlierScore: 0 }
}
