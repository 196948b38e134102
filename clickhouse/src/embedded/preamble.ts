// What is set in a session before its one statement runs.

import { toStringLiteral } from './literal.ts'

export interface Preamble {
  readonly settings: Readonly<Record<string, string>>
  /** Values of `{name: Type}` placeholders as ClickHouse's HTTP interface takes them; the engine itself reads them by their type. */
  readonly parameters: Readonly<Record<string, string>>
  readonly database?: string | undefined
}

/**
 * The SQL that sets them; names must be plain words already.
 * `readonly` comes last, since nothing can be set after it.
 */
export function toPreambleSql({ settings, parameters, database }: Preamble): string {
  const { readonly, ...others } = settings
  const entries = Object.entries(others)
  for (const [name, value] of Object.entries(parameters)) entries.push([`param_${name}`, value])
  if (readonly !== undefined) entries.push(['readonly', readonly])
  const use = database === undefined ? '' : `USE \`${database.replaceAll(/[\\`]/g, '\\$&')}\`; `
  return `${use}SET ${entries.map(([name, value]) => `${name} = ${toStringLiteral(value)}`).join(', ')}`
}
