/** The building blocks of component schemas: sections, durations, sizes, addresses and secrets. */
import { z } from 'zod'
import { type Endpoint, parseDuration, parseEndpoint, parseSize } from './units.ts'

type Unit = 'Ms' | 'Seconds' | 'Bytes'
declare const unit: unique symbol
/** A number whose unit a section appends to its key: `timeout: 2s` comes out as `timeoutMs: 2000`. */
export type Quantity<U extends Unit> = number & { readonly [unit]: U }

type CamelCase<K extends string> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : K
type UnitOf<V> = NonNullable<V> extends Quantity<infer U> ? U : ''
type Plain<V> = NonNullable<V> extends Quantity<Unit> ? number | Extract<V, undefined> : V
type Parsed<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>

/** What a section of these keys is read into: camelCase keys, with the unit where there is one. */
export type SectionOutput<S extends z.ZodRawShape> = {
  [K in keyof Parsed<S> as `${CamelCase<K & string>}${UnitOf<Parsed<S>[K]>}`]: Plain<Parsed<S>[K]>
}

/** Facts about a field that its type cannot say; kept in the schema's metadata. */
export interface FieldMeta {
  readonly unit?: Unit
  readonly secret?: boolean
  readonly section?: boolean
}

/**
 * A map with exactly these keys, written in snake_case as in YAML.
 * It comes out in camelCase; durations end in `Ms` or `Seconds`, sizes in `Bytes`.
 * A key without a value (`timeout:`) counts as absent, a section without a body (`http:`) as empty: both get their defaults.
 */
export function section<const S extends z.ZodRawShape>(shape: S): z.ZodType<SectionOutput<S>> {
  return z
    .preprocess((body) => withoutNulls(body, shape), z.strictObject(shape).meta({ section: true }))
    .transform((values) => rename(values, shape) as SectionOutput<S>)
}

/** A section that is there even when nobody writes it. */
export function defaultSection<const S extends z.ZodRawShape>(shape: S): z.ZodType<SectionOutput<S>> {
  return section(shape).prefault({})
}

/** A duration in YAML (`200ms`, `1h30m`); comes out in milliseconds. */
export function duration(fallback: string): z.ZodType<Quantity<'Ms'>> {
  return quantity('Ms', fallback, 'expected a duration such as "200ms"', (value) =>
    typeof value === 'string' || value === 0 ? parseDuration(String(value)) : undefined,
  )
}

/** A size in YAML (`64MiB`, or a number of bytes); comes out in bytes. */
export function size(fallback: string): z.ZodType<Quantity<'Bytes'>> {
  return quantity('Bytes', fallback, 'expected a size such as "64MiB"', (value) =>
    typeof value === 'string' || typeof value === 'number' ? parseSize(String(value)) : undefined,
  )
}

/** A whole number of seconds, where the OpenTelemetry Collector's key is one. */
export function seconds(fallback: number): z.ZodType<Quantity<'Seconds'>> {
  return quantity('Seconds', fallback, 'expected a whole number of seconds', (value) =>
    Number.isInteger(value) && (value as number) >= 0 ? (value as number) : undefined,
  )
}

/** A whole number of something, at least `min`. */
export function count(fallback: number, min = 0): z.ZodType<number> {
  return z.int().min(min).default(fallback)
}

const endpointExpectation = 'expected an address such as "127.0.0.1:4318"'

/** An address to listen on. */
export function endpoint(): z.ZodType<Endpoint> {
  return z.string({ error: endpointExpectation }).transform((text, context) => {
    const parsed = parseEndpoint(text)
    if (parsed) return parsed
    context.addIssue({ code: 'custom', message: endpointExpectation })
    return z.NEVER
  })
}

/** The path of a URL. */
export function urlPath(fallback: string): z.ZodType<string> {
  return z
    .string()
    .regex(/^\/[^\s?#]*$/, 'expected a path such as "/v1/traces"')
    .default(fallback)
}

/** A text that is never printed. */
export function secret(options: { minLength?: number } = {}): z.ZodType<string> {
  return z
    .string()
    .min(options.minLength ?? 0, 'must not be empty')
    .meta({ secret: true })
}

/** Looks through defaults, optionals and transforms for the metadata of a field. */
export function metaOf(schema: z.core.$ZodType): FieldMeta {
  const own = z.globalRegistry.get(schema) as FieldMeta | undefined
  if (own?.unit || own?.secret || own?.section) return own
  const inner = innerOf(schema)
  return inner ? metaOf(inner) : {}
}

/** The schema that this one wraps: of an optional, a default, or either side of a transform. */
export function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.def.innerType
  if (schema instanceof z.ZodPipe) return schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in
  return undefined
}

function quantity<U extends Unit>(
  unitName: U,
  fallback: string | number,
  expectation: string,
  parse: (value: unknown) => number | undefined,
): z.ZodType<Quantity<U>> {
  return z
    .unknown()
    .transform((value, context) => {
      const amount = parse(value)
      if (amount !== undefined) return amount as Quantity<U>
      context.addIssue({ code: 'custom', message: expectation })
      return z.NEVER
    })
    .prefault(fallback)
    .meta({ unit: unitName })
}

function withoutNulls(body: unknown, shape: z.ZodRawShape): unknown {
  if (body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([key, value]) => value !== null || !isValueKey(shape, key)))
}

function isValueKey(shape: z.ZodRawShape, key: string): boolean {
  const field = Object.hasOwn(shape, key) ? shape[key] : undefined
  return field !== undefined && metaOf(field).section !== true
}

function rename(values: Record<string, unknown>, shape: z.ZodRawShape): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const camelCase = key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
      return [camelCase + (metaOf(shape[key]!).unit ?? ''), value]
    }),
  )
}
