/** Lists the keys of a schema, with their defaults: for suggestions, for hiding secrets and for the documentation. */
import { z } from 'zod'
import { innerOf, metaOf } from './schema.ts'

/** Stands in a field's path for any position of a list, or any key of a free map. */
const anyKey = '*'

/** One key of a component's configuration. */
export interface Field {
  /** From the component's body down, in YAML's spelling. */
  readonly path: readonly string[]
  readonly kind: 'value' | 'section'
  /** As one would write it in YAML; undefined where there is none. */
  readonly default: unknown
  /** Whether the configuration is invalid without it. */
  readonly required: boolean
  readonly secret: boolean
  readonly description: string
}

/** All keys of a schema, depth first, in the order they are written. */
export function fieldsOf(schema: z.core.$ZodType, path: readonly string[] = []): Field[] {
  const core = unwrap(schema)
  if (core instanceof z.ZodObject) {
    return Object.entries(core.shape).flatMap(([key, child]) => [toField(child, [...path, key]), ...fieldsOf(child, [...path, key])])
  }
  if (core instanceof z.ZodArray) return elementFields(core.element, [...path, anyKey])
  if (core instanceof z.ZodRecord) return elementFields(core.valueType, [...path, anyKey])
  if (core instanceof z.ZodUnion) return core.options.flatMap((option) => fieldsOf(option, path))
  return []
}

/** Whether a path of a document, such as `['keys', 0, 'key']`, is the one of a field. */
export function isFieldPath(field: Field, path: readonly PropertyKey[]): boolean {
  return field.path.length === path.length && field.path.every((part, index) => part === anyKey || part === String(path[index]))
}

function elementFields(element: z.core.$ZodType, path: readonly string[]): Field[] {
  return [toField(element, path), ...fieldsOf(element, path)]
}

function toField(schema: z.core.$ZodType, path: readonly string[]): Field {
  const fallback = defaultOf(schema)
  return {
    path,
    kind: metaOf(schema).section === true ? 'section' : 'value',
    default: fallback,
    required: fallback === undefined && !isOptional(schema),
    secret: metaOf(schema).secret === true,
    description: descriptionOf(schema),
  }
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = innerOf(schema)
  return inner ? unwrap(inner) : schema
}

function defaultOf(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.def.defaultValue
  const inner = innerOf(schema)
  return inner && defaultOf(inner)
}

function isOptional(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodOptional) return true
  const inner = innerOf(schema)
  return inner !== undefined && isOptional(inner)
}

function descriptionOf(schema: z.core.$ZodType): string {
  const own = z.globalRegistry.get(schema)?.description
  const inner = innerOf(schema)
  return own ?? (inner ? descriptionOf(inner) : '')
}
