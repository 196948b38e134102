// How a column's data lies in ClickHouse's Native format, read from the name of its type: enough to find where the column ends.
// Source: https://clickhouse.com/docs/interfaces/specs/NativeFormat

import { EngineError, errorCodes } from './engine-error.ts'

export type NativeType =
  | { readonly kind: 'fixed'; readonly sizeBytes: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'array' | 'nullable' | 'lowCardinality'; readonly inner: NativeType }
  | { readonly kind: 'tuple'; readonly elements: readonly NativeType[] }

const fixed = (sizeBytes: number, names: string): [string, NativeType][] =>
  names.split(' ').map((name) => [name, { kind: 'fixed', sizeBytes }])

const plainTypes: ReadonlyMap<string, NativeType> = new Map([
  ['String', { kind: 'string' }],
  ...fixed(1, 'Int8 UInt8 Bool Enum8 Nothing'),
  ...fixed(2, 'Int16 UInt16 Enum16 Date BFloat16'),
  ...fixed(4, 'Int32 UInt32 Float32 Date32 DateTime IPv4 Time'),
  ...fixed(8, 'Int64 UInt64 Float64 DateTime64 Time64'),
  ...fixed(8, 'Nanosecond Microsecond Millisecond Second Minute Hour Day Week Month Quarter Year').map(
    ([unit, type]): [string, NativeType] => [`Interval${unit}`, type],
  ),
  ...fixed(16, 'Int128 UInt128 UUID IPv6'),
  ...fixed(32, 'Int256 UInt256'),
])

/**
 * @param name as a block carries it, such as `Map(LowCardinality(String), Array(UInt8))`
 * @throws EngineError 48 for a type whose data does not say where it ends
 */
export function parseNativeType(name: string): NativeType {
  const [, family = '', inside = ''] = /^(\w+)(?:\(([^]*)\))?$/.exec(name.trim()) ?? []
  const plain = plainTypes.get(family)
  if (plain) return plain
  switch (family) {
    case 'FixedString':
      return { kind: 'fixed', sizeBytes: Number(inside) }
    case 'Decimal':
      return { kind: 'fixed', sizeBytes: decimalSize(Number(splitArguments(inside)[0])) }
    case 'Array':
      return { kind: 'array', inner: parseNativeType(inside) }
    case 'Nullable':
      return { kind: 'nullable', inner: parseNativeType(inside) }
    case 'LowCardinality':
      return { kind: 'lowCardinality', inner: withoutNull(parseNativeType(inside)) } // null is an entry of the dictionary
    case 'Tuple':
      return tuple(inside)
    case 'Map':
    case 'Nested':
      return { kind: 'array', inner: tuple(inside) }
    case 'SimpleAggregateFunction':
      return parseNativeType(splitArguments(inside).slice(1).join(','))
  }
  throw new EngineError(
    errorCodes.notImplemented,
    `a column of type ${family || name} cannot be sent as Native: cast it, as in toString(column)`,
  )
}

function tuple(inside: string): NativeType {
  return { kind: 'tuple', elements: splitArguments(inside).map((element) => parseNativeType(withoutName(element))) }
}

function withoutNull(type: NativeType): NativeType {
  return type.kind === 'nullable' ? type.inner : type
}

/** `price Decimal(9, 2)` is a named element; a type itself has no space outside brackets. */
function withoutName(element: string): string {
  return element.replace(/^(?:`(?:[^`\\]|\\[^])*`|\w+)\s+/, '')
}

function decimalSize(precision: number): number {
  return [4, 8, 16, 32][[9, 18, 38].filter((limit) => precision > limit).length]!
}

/** Cuts at the commas that stand outside brackets and quotes. */
function splitArguments(text: string): string[] {
  const parts: string[] = []
  let part = ''
  let depth = 0
  for (const [token] of text.matchAll(/'(?:[^'\\]|\\[^])*'|`(?:[^`\\]|\\[^])*`|[^]/g)) {
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (token === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += token
  }
  return part.trim() === '' ? parts : [...parts, part.trim()]
}
