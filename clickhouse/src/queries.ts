// Finds the project's queries: one file of `queries/` each.

import { readFileSync } from 'node:fs'

const directory = new URL('../queries/', import.meta.url) // the same from src and from dist
const loaded = new Map<string, string>()

/**
 * The SQL of `queries/<name>.sql`, read once.
 * @throws RangeError if there is no such query
 */
export function loadQuery(name: string): string {
  const known = loaded.get(name)
  if (known !== undefined) return known
  if (!/^[a-z0-9_-]+$/.test(name)) throw new RangeError(`query: expected a name of lower-case letters, digits, - and _, got "${name}"`)
  let sql: string
  try {
    sql = readFileSync(new URL(`${name}.sql`, directory), 'utf8')
  } catch (cause) {
    throw new RangeError(`query: there is no queries/${name}.sql`, { cause })
  }
  loaded.set(name, sql)
  return sql
}

/**
 * A protobuf schema of `formats/`, for the setting `format_schema`.
 * @throws Error if there is no such file
 */
export function loadFormat(file: string): string {
  return readFileSync(new URL(`../formats/${file}`, import.meta.url), 'utf8')
}
