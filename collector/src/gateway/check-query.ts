/** Decides whether a statement may run: one SELECT over the public views, or a look at what views there are. */
import type { Catalog } from './catalog.ts'
import { checkTables } from './check-tables.ts'
import { denied } from './gateway-error.ts'
import { type SqlToken, isWord, readTokens, writeSql } from './sql-tokens.ts'

export interface CheckedQuery {
  /** What to send to the engine, without its FORMAT clause. */
  readonly sql: string
  /** The format that it names itself. */
  readonly format: string | undefined
}

// Clauses that leave the project, the limits or SQL's reading side. A column of such a name can be quoted.
const closedWords = new Set(
  (
    'SETTINGS INTO INSERT OUTFILE INFILE APPLY EXPLAIN DESCRIBE SHOW PARALLEL EXECUTE CREATE DROP ALTER TRUNCATE ATTACH DETACH ' +
    'RENAME EXCHANGE UNDROP GRANT REVOKE KILL OPTIMIZE DELETE UPDATE BACKUP RESTORE'
  ).split(' '),
)
// Words before a bracket that are not functions.
const clauseWords = new Set(
  (
    'ALL AND ANTI ANY ARRAY AS ASOF BETWEEN BY CASE CROSS CUBE DISTINCT ELSE EXCEPT FILTER FROM FULL GLOBAL GROUP HAVING ILIKE IN INNER ' +
    'INTERPOLATE INTERSECT INTERVAL IS JOIN LEFT LIKE LIMIT NOT OFFSET ON OR ORDER OVER PARTITION PREWHERE QUALIFY REPLACE RIGHT ROLLUP ' +
    'SELECT SEMI SETS SOME THEN UNION USING WHEN WHERE WINDOW WITH'
  ).split(' '),
)
// Words of SQL that read like functions, and are.
const spokenFunctions = new Set([
  'columns',
  'exists',
  'extract',
  'cast',
  'substring',
  'position',
  'trim',
  'date_add',
  'date_sub',
  'grouping',
])
const maxFunctionName = 100 // characters, combinators included
const combinators = /(?:If|OrNull|OrDefault|Distinct|Array|Map|ForEach|ArgMin|ArgMax)$/i
/** Formats that write a result and read nothing, such as a schema or a template. */
export const openFormats: ReadonlySet<string> = new Set(
  (
    'Arrow ArrowStream CSV CSVWithNames CSVWithNamesAndTypes JSON JSONColumns JSONColumnsWithMetadata JSONCompact JSONCompactColumns ' +
    'JSONCompactEachRow JSONCompactEachRowWithNames JSONCompactEachRowWithNamesAndTypes JSONCompactStrings JSONCompactStringsEachRow ' +
    'JSONEachRow JSONEachRowWithProgress JSONLines JSONObjectEachRow JSONStrings JSONStringsEachRow Markdown NDJSON Native Null Parquet ' +
    'Pretty PrettyCompact PrettySpace RowBinary RowBinaryWithNames RowBinaryWithNamesAndTypes TSV TSVWithNames TSVWithNamesAndTypes ' +
    'TabSeparated TabSeparatedRaw TabSeparatedWithNames TabSeparatedWithNamesAndTypes Values Vertical XML'
  ).split(' '),
)

/** @throws GatewayError that says what may not stand in a query */
export function checkQuery(sql: string, catalog: Catalog): CheckedQuery {
  const tokens = readTokens(sql)
  const { statement, format } = takeFormat(tokens)
  const first = statement.find(({ text }) => text !== '(')?.value
  if (first === 'SHOW') return { sql: showSql(statement, catalog), format }
  if (first === 'DESCRIBE' || first === 'DESC') return { sql: describeSql(statement, catalog), format }
  if (first !== 'SELECT' && first !== 'WITH') throw denied('only SELECT, SHOW DATABASES, SHOW TABLES and DESCRIBE may run here')
  checkWords(statement)
  checkFunctions(statement, catalog)
  checkParameters(statement)
  checkTables(statement, catalog)
  return { sql: writeSql(statement), format }
}

function takeFormat(tokens: readonly SqlToken[]): { statement: readonly SqlToken[]; format: string | undefined } {
  const [before, last] = tokens.slice(-2)
  if (!isWord(before, 'FORMAT') || before!.depth > 0 || last?.kind !== 'word') return { statement: tokens, format: undefined }
  if (!openFormats.has(last.text)) throw denied(`the format ${last.text} is not available here`)
  return { statement: tokens.slice(0, -2), format: last.text }
}

function checkWords(tokens: readonly SqlToken[]): void {
  for (const [i, token] of tokens.entries()) {
    const isSystemTable = tokens[i - 1]?.text === '.' && tokens[i - 2]?.identifier === 'system' // system.settings
    if (token.kind !== 'word' || isSystemTable) continue
    if (closedWords.has(token.value)) throw denied(`${token.value} may not be used here`)
    if (token.value === 'FORMAT' && tokens[i + 1]?.text !== '(') throw denied('FORMAT may stand at the end alone')
  }
}

function checkFunctions(tokens: readonly SqlToken[], { functions }: Catalog): void {
  for (const [i, { kind, value, identifier }] of tokens.entries()) {
    if (identifier === undefined || tokens[i + 1]?.text !== '(') continue
    const isClause = kind === 'word' && clauseWords.has(value)
    const isQualified = tokens[i - 1]?.text === '.'
    if (isClause ? !isQualified : !isQualified && isPure(identifier.toLowerCase(), functions)) continue
    throw denied(`the function ${identifier} is not available here`)
  }
}

/** Aggregates may have combinators: `uniqExactIf` is as pure as `uniqExact`. */
function isPure(name: string, functions: ReadonlySet<string>): boolean {
  if (functions.has(name) || spokenFunctions.has(name)) return true
  if (name.length > maxFunctionName) return false
  const plain = name.replace(combinators, '')
  return plain !== name && isPure(plain, functions)
}

/** `{name: Type}`: a value, never an identifier. */
function checkParameters(tokens: readonly SqlToken[]): void {
  for (const [i, token] of tokens.entries()) {
    if (token.text !== '{') continue
    const isValue = tokens[i + 1]?.kind === 'word' && tokens[i + 2]?.text === ':' && tokens[i + 3]?.kind === 'word'
    if (!isValue || isWord(tokens[i + 3], 'IDENTIFIER'))
      throw denied('a parameter is written {name: Type}, and its type may not be Identifier')
  }
}

function showSql(tokens: readonly SqlToken[], { database }: Catalog): string {
  const [, what, from, name, ...rest] = tokens
  if (isWord(what, 'DATABASES') && from === undefined) return 'SHOW DATABASES'
  const isHere = from === undefined || (isWord(from, 'FROM', 'IN') && name?.identifier === database)
  if (isWord(what, 'TABLES') && isHere && rest.length === 0) return 'SHOW TABLES'
  throw denied(`of SHOW there are SHOW DATABASES and SHOW TABLES FROM ${database}`)
}

function describeSql(tokens: readonly SqlToken[], { database, views }: Catalog): string {
  const rest = tokens.slice(isWord(tokens[1], 'TABLE') ? 2 : 1)
  const names = rest.filter((_, i) => i % 2 === 0).map(({ identifier }) => identifier)
  const isName = rest.every(({ text }, i) => i % 2 === 0 || text === '.')
  const [view, inDatabase = database] = names.toReversed()
  if (!isName || rest.length > 3 || inDatabase !== database || view === undefined || !views.has(view)) {
    throw denied(`of DESCRIBE there is DESCRIBE TABLE of ${[...views].join(', ')}`)
  }
  return `DESCRIBE TABLE ${view}`
}
