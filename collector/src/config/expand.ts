/** Puts environment variables into a configuration: `${env:NAME}`, `${env:NAME:-default}`, `${NAME}`; `$$` stands for `$`. */
import { isScalar, parseDocument } from 'yaml'
import type { ConfigNode, Origin, Scalar, ScalarNode } from './document.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What expansion has to report about a value. */
export interface ExpansionReport {
  readonly faults: { message: string; origin: Origin }[]
  /** Names of variables that are used without a default and are not set. */
  readonly unset: Set<string>
}

const namePattern = '^[a-zA-Z_][a-zA-Z0-9_]*$' // the Collector's own, told in its message
const maxTypedLength = 64 // no number is longer; keys and certificates are

/**
 * Expands every value of a tree, keys excepted.
 * A value that is one reference alone takes the type that YAML gives the variable's text (number, boolean, nothing); inside a longer
 * text it stays text. Unlike in the Collector, a variable's text is never read as a map, a list or a further reference, and its `$`
 * stays as it is: what comes from outside cannot add keys.
 */
export function expand(node: ConfigNode, env: Environment, report: ExpansionReport): ConfigNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => expand(item, env, report)) }
  if (node.kind === 'map') {
    const entries = [...node.entries].map(([key, entry]) => [key, { ...entry, value: expand(entry.value, env, report) }] as const)
    return { ...node, entries: new Map(entries) }
  }
  return typeof node.value === 'string' && node.value.includes('$') ? expandScalar(node, node.value, env, report) : node
}

function expandScalar(node: ScalarNode, text: string, env: Environment, report: ExpansionReport): ScalarNode {
  const lookUp = (reference: string): Looked => {
    const looked = resolve(reference, env, lookUp)
    if (looked.fault !== undefined) report.faults.push({ message: looked.fault, origin: node.origin })
    if (looked.unset !== undefined) report.unset.add(looked.unset)
    return looked
  }

  if (text.startsWith('${') && closingBrace(text, 2) === text.length - 1) {
    const { text: original, explicit } = lookUp(text.slice(2, -1))
    return { ...node, value: explicit && original === '' ? '' : toTyped(original), original }
  }
  return { ...node, value: substitute(text, lookUp) }
}

interface Looked {
  readonly text: string
  /** Whether the text is the default that the configuration gives. */
  readonly explicit?: boolean
  readonly unset?: string
  readonly fault?: string
}

function resolve(reference: string, env: Environment, lookUp: (reference: string) => Looked): Looked {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):(?!-)/.exec(reference)?.[1]
  if (scheme !== undefined && scheme !== 'env') {
    return { text: '', fault: `scheme "${scheme}" is not supported for uri "${reference}": Turret expands \${env:NAME} only` }
  }
  const variable = scheme === undefined ? reference : reference.slice('env:'.length)
  const colon = variable.indexOf(':-')
  const name = colon < 0 ? variable : variable.slice(0, colon)
  if (!new RegExp(namePattern).test(name)) {
    return { text: '', fault: `environment variable "${name}" has invalid name: must match regex ${namePattern} (write $$ for a plain $)` }
  }
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value !== undefined) return { text: value }
  return colon < 0 ? { text: '', unset: name } : { text: substitute(variable.slice(colon + 2), lookUp), explicit: true }
}

/** Replaces the references in a text, and `$$` by `$`. A `$` before anything else, or a `${` without its `}`, stays. */
function substitute(text: string, lookUp: (reference: string) => Looked): string {
  let result = ''
  let position = 0
  while (position < text.length) {
    const dollar = text.indexOf('$', position)
    if (dollar < 0) break
    result += text.slice(position, dollar)
    const close = text[dollar + 1] === '{' ? closingBrace(text, dollar + 2) : -1
    if (close >= 0) result += lookUp(text.slice(dollar + 2, close)).text
    else result += '$'
    position = close >= 0 ? close + 1 : dollar + (text[dollar + 1] === '$' ? 2 : 1)
  }
  return result + text.slice(position)
}

/** Where the `}` is that ends a reference, those inside it skipped; −1 if it has none. */
function closingBrace(text: string, from: number): number {
  let open = 1
  for (let index = from; index < text.length; index++) {
    if (text.startsWith('${', index)) open++
    else if (text[index] === '}' && --open === 0) return index
  }
  return -1
}

/** Numbers, booleans and nothing as YAML reads them; every other text as it is, quotes and line breaks included. */
function toTyped(text: string): Scalar {
  if (text.length > maxTypedLength) return text
  const { contents, errors } = parseDocument(text)
  if (errors.length > 0) return text
  if (contents === null) return text.trim() === '' ? null : text
  if (!isScalar(contents)) return text
  const { value } = contents
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : text
}
