/** Finds every place of a SELECT where a table may be named, and lets only public views, system tables and the query's own names stand there. */
import { type Catalog, openSystemTables } from './catalog.ts'
import { denied } from './gateway-error.ts'
import { type SqlToken, isWord } from './sql-tokens.ts'

// What ends the list of tables that FROM began: a comma behind one of these parts expressions.
// The engine takes none of them for an alias, unless AS stands before it.
const fromEnds = 'WHERE PREWHERE GROUP ORDER HAVING LIMIT OFFSET WINDOW QUALIFY USING UNION EXCEPT INTERSECT WITH'.split(' ')
const tableWords = ['FROM', 'JOIN', 'ARRAY', 'IN', 'SELECT', 'AS']

/** @throws GatewayError for a table, a database or a table function that is not public */
export function checkTables(tokens: readonly SqlToken[], catalog: Catalog): void {
  refuseHiddenNames(tokens, catalog)
  refuseReservedAliases(tokens)
  const isOwnName = ownNames(tokens, catalog)
  const listDepths = new Set<number>() // depths at which a comma stands between tables
  let isNext = false // the next token names a table, or opens a bracket around one
  for (const [i, token] of tokens.entries()) {
    if (isNext) {
      if (token.text === '(') {
        listDepths.add(token.depth + 1)
        continue
      }
      isNext = false
      if (isWord(token, 'SELECT', 'WITH')) listDepths.delete(token.depth) // a sub-select in the brackets
      else checkTable(tokens, i, catalog, isOwnName)
      continue
    }
    if (token.text === ')') listDepths.delete(token.depth + 1)
    if (isWord(token, 'FROM') || (isWord(token, 'JOIN') && !isWord(tokens[i - 1], 'ARRAY'))) {
      listDepths.add(token.depth)
      isNext = true
    } else if (token.text === ',' && listDepths.has(token.depth)) isNext = true
    else if (isWord(token, ...fromEnds) || (isWord(token, 'JOIN') && isWord(tokens[i - 1], 'ARRAY'))) listDepths.delete(token.depth)
    else if (isWord(token, 'IN') && tokens[i + 1]?.identifier !== undefined && tokens[i + 2]?.text !== '(') {
      checkTable(tokens, i + 1, catalog, isOwnName) // `x IN name` reads a table
    }
    checkChain(tokens, i, catalog)
  }
}

/** A table's name is a table wherever the engine looks for one, so it may stand only where the query itself makes it an alias. */
function refuseHiddenNames(tokens: readonly SqlToken[], { tables, views }: Catalog): void {
  const hidden = new Set(tables.map(({ name }) => name).filter((name) => !views.has(name)))
  const aliases = new Set(tokens.filter((_, i) => isWord(tokens[i - 1], 'AS')).map(({ identifier }) => identifier))
  for (const [i, { identifier }] of tokens.entries()) {
    if (identifier === undefined || !hidden.has(identifier) || aliases.has(identifier) || tokens[i - 1]?.text === '.') continue
    throw denied(`the table ${identifier} is not public`)
  }
}

/** Behind AS even WHERE is a name to the engine, and the list of tables would go on where it seems to end. */
function refuseReservedAliases(tokens: readonly SqlToken[]): void {
  for (const [i, token] of tokens.entries()) {
    if (!isWord(tokens[i - 1], 'AS') || !isWord(token, ...fromEnds, ...tableWords)) continue
    const isType = token.value === 'ARRAY' && tokens[i + 1]?.text === '(' // CAST(x AS Array(String))
    if (!isType) throw denied(`an alias ${token.text} must be quoted`)
  }
}

/**
 * Names that the query gives to sub-selects: `WITH name AS (`. One that is a table's would be that table where the name does not reach.
 * @returns whether an identifier is one of them
 */
function ownNames(tokens: readonly SqlToken[], { tables, views }: Catalog): (name: string) => boolean {
  const taken = new Set([...tables.map(({ name }) => name), ...views])
  const own = new Set<string>()
  for (const [i, { identifier }] of tokens.entries()) {
    if (identifier === undefined || !isWord(tokens[i + 1], 'AS') || tokens[i + 2]?.text !== '(') continue
    if (taken.has(identifier)) throw denied(`WITH may not take the name of the table ${identifier}`)
    own.add(identifier)
  }
  return (name) => own.has(name)
}

function checkTable(tokens: readonly SqlToken[], at: number, catalog: Catalog, isOwnName: (name: string) => boolean): void {
  const [first, dot, second] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  const name = first?.identifier
  if (name === undefined) throw denied('behind FROM and JOIN stands a view, or a sub-select in brackets')
  if (dot?.text === '(') throw denied(`the table function ${name} is not available here`)
  if (dot?.text !== '.') {
    if (isOwnName(name) || catalog.views.has(name)) return
    throw denied(`the table ${name} is not public; the views are ${[...catalog.views].join(', ')}`)
  }
  if (!isPublic(name, second?.identifier, catalog)) throw denied(`the table ${name}.${second?.identifier ?? ''} is not public`)
  if (tokens[at + 3]?.text === '(' || tokens[at + 3]?.text === '.') throw denied('a table is written database.table')
}

function isPublic(database: string, table: string | undefined, catalog: Catalog): boolean {
  if (table === undefined) return false
  return (database === catalog.database && catalog.views.has(table)) || (database === 'system' && openSystemTables.has(table))
}

/** Anywhere else a database's name with a dot behind it would reach a table too. */
function checkChain(tokens: readonly SqlToken[], at: number, catalog: Catalog): void {
  const name = tokens[at]!.identifier
  if (name === undefined || tokens[at + 1]?.text !== '.' || tokens[at - 1]?.text === '.') return
  if (!catalog.databases.has(name) && !/^information_schema$/i.test(name)) return
  if (!isPublic(name, tokens[at + 2]?.identifier, catalog)) throw denied(`nothing of the database ${name} is public but the views`)
}
