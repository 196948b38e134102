/** GET /segments: the metadata fields of a project, with the values one can filter by. */
import type { z } from 'zod'
import type { Field, SegmentsAnswer, segmentsQuery } from './contract/segments.ts'
import { type QueryContext, ask, isShared } from './context.ts'
import { type FieldRow, effectiveKind, readFields } from './fields.ts'
import { eventPieces, toConditions } from './filters.ts'
import { queryTotals } from './totals.ts'

interface ValueRow {
  readonly Field: string
  readonly Value: string
  readonly Events: number
  readonly AllValues: number
  readonly AllEvents: number
}

interface RangeRow {
  readonly Field: string
  readonly Events: number
  readonly Low: number
  readonly High: number
  readonly Mean: number
}

export async function querySegments(context: QueryContext, query: z.output<typeof segmentsQuery>): Promise<SegmentsAnswer> {
  const conditions = toConditions(query, 'topic', context)
  const anyDimension = toConditions(query, 'topic', context, { everyDimension: true })
  const shared = isShared(context)
  const pieces = { ...eventPieces(conditions), shared }
  const known = await readFields(context)
  const ofKind = (kind: string): string[] => [...known.values()].filter((row) => effectiveKind(row) === kind).map((row) => row.Field)
  const [enums, numbers] = [ofKind('enum'), ofKind('number')]
  const [counts, values, ranges, dimensions, total] = await Promise.all([
    ask<{ Field: string; Events: number }>(context, 'field_counts', pieces, conditions.params),
    enums.length === 0 ? [] : ask<ValueRow>(context, 'segment_values', pieces, { ...conditions.params, enums, limit: query.limit }),
    numbers.length === 0 || context.minUsers > 0
      ? [] // the least and the greatest value are one person's
      : ask<RangeRow>(context, 'segment_ranges', pieces, { ...conditions.params, numbers }),
    ask<{ Dimension: string; Events: number }>(context, 'dimensions', { ...eventPieces(anyDimension), shared }, anyDimension.params),
    queryTotals(context, conditions),
  ])
  return {
    fields: counts.map(({ Field, Events }) =>
      toField(
        Field,
        Events,
        known.get(Field),
        values.filter((row) => row.Field === Field),
        ranges.find((row) => row.Field === Field),
      ),
    ),
    dimensions: dimensions.map((row) => ({ dimension: row.Dimension, events: row.Events })),
    total,
  }
}

/** A field that no one has looked at yet counts as text: it is not offered as a segment. */
export function toField(
  field: string,
  events: number,
  known: FieldRow | undefined,
  values: readonly ValueRow[] = [],
  range?: RangeRow,
): Field {
  const shown = values.reduce((sum, row) => sum + row.Events, 0)
  const [first] = values
  return {
    field,
    kind: known === undefined ? 'text' : effectiveKind(known),
    override: known === undefined || known.Override === '' ? null : known.Override,
    evidence: known === undefined ? { rule: 'not classified yet' } : (JSON.parse(known.Evidence) as Field['evidence']),
    events,
    values: values.map((row) => ({ value: row.Value, events: row.Events })),
    ...(first !== undefined && { other: { values: first.AllValues - values.length, events: first.AllEvents - shown } }),
    ...(range !== undefined && { range: { min: range.Low, max: range.High, mean: range.Mean } }),
  }
}
