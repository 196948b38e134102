/** Reads a piece of the merged configuration by a schema, and says in plain words what does not fit. */
import type { z } from 'zod'
import { type ConfigNode, nodeAt, toPlain } from './document.ts'
import type { FaultCollector } from './faults.ts'
import { type Field, fieldsOf, isFieldPath } from './fields.ts'
import { redactUrls } from './secrets.ts'
import { suggest } from './suggest.ts'

type Issue = z.core.$ZodIssue

/**
 * Reads the value at `path` by the schema; `null` counts as an empty map.
 * @returns undefined after noting every fault
 */
export function readBody<T>(schema: z.ZodType<T>, root: ConfigNode, path: readonly string[], faults: FaultCollector): T | undefined {
  const node = nodeAt(root, path)
  const body = (node && toPlain(node)) ?? {}
  const first = schema.safeParse(body, { error: explain })
  const result = !first.success && node && restoreTexts(body, node, first.error.issues) ? schema.safeParse(body, { error: explain }) : first
  if (result.success) return result.data

  const fields = fieldsOf(schema)
  for (const issue of flatten(result.error.issues)) report(issue, { body, fields, root, path, faults })
  return undefined
}

interface Place {
  readonly body: unknown
  readonly fields: readonly Field[]
  readonly root: ConfigNode
  readonly path: readonly string[]
  readonly faults: FaultCollector
}

function report(issue: Issue, { body, fields, root, path, faults }: Place): void {
  const at = [...path, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const suggestion = suggest(key, keysAt(fields, issue.path))
      faults.add(root, at, `has invalid keys: ${key}`, { suggestion, at: [...at, key], key: true })
    }
    return
  }
  const value = valueAt(body, issue.path)
  const suggestion = issue.code === 'invalid_value' && typeof value === 'string' ? suggest(value, issue.values.map(String)) : undefined
  const secret = fields.some((field) => field.secret && isFieldPath(field, issue.path))
  const isUnquoted =
    issue.code === 'invalid_type' && issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')
  const got = `, got ${show(value, secret)}${isUnquoted ? ': put it in quotes' : ''}`
  const message = issue.message.startsWith('expected') ? issue.message + got : issue.message
  faults.add(root, at, message, { suggestion, key: secret })
}

/** A text from outside that looked like a number goes where a text is wanted, as it was. True if there was one. */
function restoreTexts(body: unknown, node: ConfigNode, issues: readonly Issue[]): boolean {
  let restored = false
  for (const issue of flatten(issues)) {
    const leaf = nodeAt(node, issue.path)
    if (issue.code !== 'invalid_type' || issue.expected !== 'string' || leaf?.kind !== 'scalar' || leaf.original === undefined) continue
    const container = valueAt(body, issue.path.slice(0, -1)) as Record<PropertyKey, unknown>
    container[issue.path.at(-1)!] = leaf.original
    restored = true
  }
  return restored
}

/** Of a choice between `off` and a section: the faults inside the section, or one fault where it is neither. */
function flatten(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue]
    const inner = issue.errors.at(-1) ?? []
    if (inner.some((nested) => nested.path.length === 0 && nested.code === 'invalid_type')) return [neither(issue)]
    return flatten(inner.map((nested) => ({ ...nested, path: [...issue.path, ...nested.path] })))
  })
}

function neither({ errors, path, input }: z.core.$ZodIssueInvalidUnion): Issue {
  const choices = errors.map(([first]) => first?.message.replace('expected ', ''))
  return { code: 'custom', path, input, message: `expected ${choices.join(' or ')}` }
}

function explain(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeNames[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return issue.values.length === 1
        ? `expected ${JSON.stringify(issue.values[0])}`
        : `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'too_small':
      return issue.origin === 'number'
        ? `expected at least ${issue.minimum}`
        : `expected at least ${issue.minimum} ${issue.origin === 'array' ? 'item(s)' : 'letter(s)'}`
    case 'too_big':
      return `expected at most ${issue.maximum}`
    default:
      return issue.message ?? 'is not valid'
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

function keysAt(fields: readonly Field[], path: readonly PropertyKey[]): string[] {
  return fields.filter((field) => isFieldPath({ ...field, path: field.path.slice(0, -1) }, path)).map((field) => field.path.at(-1)!)
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body
  for (const part of path) value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined
  return value
}

function show(value: unknown, secret: boolean): string {
  if (value === undefined || value === null) return 'nothing'
  if (secret) return 'a value that is not shown'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return redactUrls(JSON.stringify(value))
}
