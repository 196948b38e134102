/** What a metadata key is: text to be clustered, an enum to filter by, or a number; decided from its values, with the evidence kept. */
import type { ClickHouse } from '@turret/clickhouse'
import type { z } from 'zod'
import type { fieldKind } from './contract/segments.ts'
import { type Asking, ask } from './context.ts'
import type { RefineFields } from './refine-fields.ts'

export type FieldKind = z.infer<typeof fieldKind>

/** A row of `field_evidence.sql`: what the values of one key look like in the newest events. Shares are 0…1. */
export interface FieldEvidence {
  readonly Field: string
  readonly Events: number
  readonly DistinctValues: number
  readonly NumberShare: number
  readonly IntegerShare: number
  readonly IdShare: number
  /** Characters. */
  readonly MeanLength: number
  readonly MeanWords: number
  readonly LineBreakShare: number
  readonly EntropyBits: number
}

/** A row of `fields.sql`. */
export interface FieldRow {
  readonly Field: string
  readonly Kind: FieldKind
  /** JSON: the figures and the rule that the kind rests on. */
  readonly Evidence: string
  readonly Override: FieldKind | ''
  readonly Events: number
  readonly RowVersion: number
}

const sampleEvents = 20_000 // newest ones, so that a field that changes its nature is noticed
const enoughEvents = 100 // from here on the decision stands on its own; before, it is provisional
const mostEnumValues = 100 // more than a person chooses from
const mostEnumBits = 6 // of entropy; 64 equally frequent values
const shownValues = 8 // of a field, to a language model
const sessionsPerValue = 3 // a value of fewer sessions may be one person's

/**
 * Classifies the fields of a project anew and stores what changed. A person's override stays.
 * @returns the fields whose kind is new or other than before
 */
export async function classifyFields(
  db: ClickHouse,
  project: string,
  options: { readonly signal?: AbortSignal; readonly refine?: RefineFields } = {},
): Promise<string[]> {
  const asking: Asking = {
    db,
    project,
    signal: options.signal ?? new AbortController().signal,
    limits: { timeoutMs: 30_000, maxMemoryBytes: 256 * 1024 * 1024 },
  }
  const [seen, known] = await Promise.all([ask<FieldEvidence>(asking, 'field_evidence', {}, { sample: sampleEvents }), readFields(asking)])
  const changed = seen
    .map((evidence) => ({ ...evidence, ...decideKind(evidence), before: known.get(evidence.Field) }))
    .filter(({ before, kind, Events }) => before === undefined || ruledKind(before) !== kind || hasGrown(before.Events, Events))
  const refined = options.refine === undefined ? undefined : await refineChanged(asking, changed, options.refine)
  const now = Date.now()
  const rows = changed.map(({ kind: ruled, rule, before, ...evidence }) => {
    const kind = refined?.get(evidence.Field)
    return toRow({
      project,
      evidence,
      kind: kind ?? ruled,
      ruled,
      rule: kind === undefined ? rule : 'a language model said so',
      before,
      now,
    })
  })
  if (rows.length > 0) await db.insertRows('fields', rows, { token: `fields ${project} ${now}` })
  return rows.filter((row) => known.get(row.Field)?.Kind !== row.Kind).map((row) => row.Field)
}

/** Small samples say too little to pay for an opinion. */
async function refineChanged(
  asking: Asking,
  changed: readonly (FieldEvidence & { readonly kind: FieldKind })[],
  refine: RefineFields,
): Promise<ReadonlyMap<string, FieldKind>> {
  const fields = changed.filter(({ Events }) => Events >= enoughEvents)
  if (fields.length === 0) return new Map()
  const names = fields.map(({ Field }) => Field)
  const params = { fields: names, sessions: sessionsPerValue, sample: sampleEvents, perField: shownValues }
  const values = await ask<{ Field: string; Value: string }>(asking, 'field_values', {}, params)
  return refine(fields.map((field) => ({ ...field, values: values.filter((row) => row.Field === field.Field).map((row) => row.Value) })))
}

/** What a field's values do not contradict; ids and endless values are never enum. */
export function possibleKinds({ DistinctValues, NumberShare, IdShare }: FieldEvidence): FieldKind[] {
  const isEnum = DistinctValues <= mostEnumValues && IdShare < 0.5
  return ['text', ...(isEnum ? (['enum'] as const) : []), ...(NumberShare >= 0.95 ? (['number'] as const) : [])]
}

/** The kind that a field's values suggest, and the rule that said so. */
export function decideKind(evidence: FieldEvidence): { readonly kind: FieldKind; readonly rule: string } {
  const { Events, DistinctValues, NumberShare, IntegerShare, IdShare, MeanLength, MeanWords, LineBreakShare, EntropyBits } = evidence
  const distinctShare = DistinctValues / Events
  if (NumberShare >= 0.95 && !(IntegerShare >= 0.95 && MeanLength >= 6 && distinctShare > 0.9 && Events >= 10)) {
    return DistinctValues <= 2 && Events >= enoughEvents
      ? { kind: 'enum', rule: 'two numbers at most: a flag' }
      : { kind: 'number', rule: 'at least 95 % of the values are numbers' }
  }
  if (IdShare >= 0.5 || NumberShare >= 0.95) return { kind: 'text', rule: 'the values look like ids' }
  if (MeanWords > 4 || MeanLength > 40 || LineBreakShare > 0)
    return { kind: 'text', rule: 'the values are longer than names: more than 4 words, 40 characters or one line' }
  if (DistinctValues > mostEnumValues || EntropyBits > mostEnumBits)
    return { kind: 'text', rule: `too many values to choose from: over ${mostEnumValues}, or over ${mostEnumBits} bits of entropy` }
  const isRepeated = Events < enoughEvents ? DistinctValues <= Math.max(2, Events / 2) : distinctShare <= 0.2
  if (isRepeated) return { kind: 'enum', rule: Events < enoughEvents ? 'few short values so far' : 'few short values that repeat' }
  return { kind: 'text', rule: 'the values hardly repeat' }
}

export async function readFields(asking: Asking): Promise<Map<string, FieldRow>> {
  return new Map((await ask<FieldRow>(asking, 'fields')).map((row) => [row.Field, row]))
}

export function effectiveKind(row: FieldRow): FieldKind {
  return row.Override === '' ? row.Kind : row.Override
}

/** Sets or clears what a person says of a field. @returns the row as it now is; undefined when there is no such field */
export async function overrideField(asking: Asking, field: string, kind: FieldKind | null): Promise<FieldRow | undefined> {
  const row = (await readFields(asking)).get(field)
  if (row === undefined) return undefined
  const changed: FieldRow = { ...row, Override: kind ?? '', RowVersion: Math.max(Date.now(), row.RowVersion + 1) }
  const { RowVersion: Version, ...columns } = changed
  await asking.db.insertRows('fields', [{ Project: asking.project, ...columns, Version }], {
    token: `field ${asking.project} ${field} ${Version}`,
  })
  return changed
}

interface Decision {
  readonly project: string
  readonly evidence: FieldEvidence
  readonly kind: FieldKind
  /** What the rules said: when they say something else, it is time to ask again. */
  readonly ruled: FieldKind
  readonly rule: string
  readonly before: FieldRow | undefined
  /** Unix ms. */
  readonly now: number
}

function toRow({ project, evidence: { Field, ...figures }, kind, ruled, rule, before, now }: Decision) {
  const { Events } = figures
  const evidence = {
    rule,
    ruled,
    provisional: Events < enoughEvents,
    events: Events,
    distinct_values: figures.DistinctValues,
    number_share: round(figures.NumberShare),
    id_share: round(figures.IdShare),
    mean_length: round(figures.MeanLength),
    mean_words: round(figures.MeanWords),
    entropy_bits: round(figures.EntropyBits),
  }
  const version = Math.max(now, (before?.RowVersion ?? 0) + 1)
  return {
    Project: project,
    Field,
    Kind: kind,
    Evidence: JSON.stringify(evidence),
    Override: before?.Override ?? '',
    Events,
    Version: version,
  }
}

function ruledKind({ Evidence, Kind }: FieldRow): string {
  return (JSON.parse(Evidence) as { readonly ruled?: string }).ruled ?? Kind
}

/** The evidence is worth storing again at 100 events and at every doubling. */
function hasGrown(before: number, now: number): boolean {
  return now >= 2 * before || (before < enoughEvents && now >= enoughEvents)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
