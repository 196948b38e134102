/** Rows of `events` and `turn_parts` as turn parts, and back as the messages that replace them. */
import { encodePart } from '../extract/encode-part.ts'
import type { PartRole, TurnPart } from '../extract/turn-part.ts'
import { WireWriter } from '../wire/writer.ts'
import { writeEvent } from './event-body.ts'

/** A row of clickhouse/queries/trace_parts.sql; 64-bit numbers as text. */
export interface TraceRow {
  readonly Role: PartRole
  readonly EventId: string
  readonly SessionId: string
  readonly SessionSource: string
  readonly UserId: string
  readonly Name: string
  readonly Dimension: string
  readonly DimensionRank: number
  readonly Text: string
  readonly TextLength: number
  readonly Fields: Readonly<Record<string, string>>
  readonly Answer: string
  readonly Tools: readonly string[]
  readonly Model: string
  readonly InputTokens: number
  readonly OutputTokens: number
  readonly Cost: number
  readonly LatencyMs: number
  readonly IsError: number
  readonly StatusMessage: string
  readonly TraceId: string
  readonly SpanId: string
  readonly SpanIds: readonly string[]
  readonly Time: string
  readonly Received: string
  /** '0' for rows of `turn_parts`. */
  readonly Version: string
  readonly TextHash: string
  readonly AnchorId: string
  readonly ArrivalTopicId: string
  readonly Similarity: number
  readonly OutlierScore: number
  readonly Sentiment: number
}

/** A part that remembers its row. */
export interface StoredPart extends TurnPart {
  readonly row: TraceRow
}

const hiddenText = '\u0000' // stands for a text that is not kept, so that its event still counts as one

export function toStoredPart(row: TraceRow): StoredPart {
  return {
    row,
    role: row.Role,
    eventId: row.EventId,
    sessionId: row.SessionId,
    sessionSource: row.SessionSource,
    userId: row.UserId,
    name: row.Name,
    dimension: row.Dimension,
    dimensionRank: row.DimensionRank,
    text: isEvent(row) ? row.Text || hiddenText : '',
    textHash: BigInt(row.TextHash),
    fields: row.Fields,
    answer: row.Answer,
    tools: row.Tools,
    model: row.Model,
    inputTokens: row.InputTokens,
    outputTokens: row.OutputTokens,
    cost: row.Cost,
    latencyMs: row.LatencyMs,
    isError: row.IsError === 1,
    statusMessage: row.StatusMessage,
    traceId: row.TraceId,
    spanId: row.SpanId,
    spanIds: row.SpanIds,
    timeUnixNano: BigInt(row.Time),
  }
}

export function isEvent(row: TraceRow): boolean {
  return row.Version !== '0'
}

/**
 * The message that puts `part` in the place of its row, or removes the row.
 * @param version newer than the row's
 */
export function toReplacement(project: string, part: StoredPart, version: bigint, isDeleted: boolean): Buffer {
  const { row } = part
  const bytes = encodePart({ ...part, text: row.Text })
  const event = { project, receivedAt: BigInt(row.Received), encoded: { bytes, start: 0, end: bytes.length } }
  const writer = new WireWriter(bytes.length + 256)
  writeEvent(writer, event, {
    assignment: {
      textHash: BigInt(row.TextHash),
      anchorId: BigInt(row.AnchorId),
      topicId: BigInt(row.ArrivalTopicId),
      similarity: row.Similarity,
      outlierScore: row.OutlierScore,
    },
    sentiment: row.Sentiment,
    keepText: true,
    replaces: { version, isDeleted, textLength: row.TextLength },
  })
  return writer.written
}
