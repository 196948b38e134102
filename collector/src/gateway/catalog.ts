/** What the engine has, and what of it the gateway shows: read once at start, since migrations have run by then. */
import { type ClickHouse, toStringLiteral } from '@turret/clickhouse'

export interface Catalog {
  /** The database of the views. */
  readonly database: string
  /** The public views, as docs/sql-views.md describes them. */
  readonly views: ReadonlySet<string>
  /** Every database of the engine. */
  readonly databases: ReadonlySet<string>
  /** Everything in the views' database that a FROM could name. */
  readonly tables: readonly { readonly name: string; readonly hasProject: boolean; readonly isView: boolean }[]
  /** Functions and types that a query may use, in lower case. */
  readonly functions: ReadonlySet<string>
}

/** The public SQL contract. */
export const publicViews = ['v_messages', 'v_sessions', 'v_topic_activity', 'v_topic_spike', 'v_transitions', 'v_topic_redirects'] as const

/** Tables of the engine itself that tools read to draw their menus. Rows of what is not public are filtered out. */
export const openSystemTables: ReadonlySet<string> = new Set(['databases', 'tables', 'columns', 'functions', 'settings', 'one', 'numbers'])

// Of these every function computes its result from its arguments alone: none reads a file, a table, a dictionary or the network.
const pureCategories = [
  'Aggregate Functions, Arithmetic, Arrays, Bit, Bitmap, Comparison, Conditional, Dates and Times, Distance, Encoding, Financial, Geo',
  'Geo Polygon, Hash, IP Address, JSON, Logical, Map, Mathematical, Null, Random Number, Rounding, String, String Replacement',
  'String Search, String Splitting, Time Series, Time Window, Tuple, Type Conversion, URL, UUID',
]
  .join(', ')
  .split(', ')
// The category Other holds functions that read files and settings, so its harmless ones are named.
const pureOthers = (
  'bar byteSize countDigits displayName revision version currentDatabase formatReadableDecimalSize formatReadableQuantity ' +
  'formatReadableSize formatReadableTimeDelta identity ignore materialize neighbor rowNumberInAllBlocks runningDifference toTypeName ' +
  'transform visibleWidth'
).split(' ')

export async function readCatalog(db: ClickHouse): Promise<Catalog> {
  const { database } = db
  const names = async (sql: string): Promise<string[]> => (await db.query<{ name: string }>(sql)).map(({ name }) => name)
  const literals = (values: readonly string[]): string => values.map(toStringLiteral).join(', ')
  const isPure = `(f.categories IN (${literals(pureCategories)}) OR f.name IN (${literals(pureOthers)}))`
  const functions = await names(`SELECT lower(f.name) AS name FROM system.functions AS f
    WHERE (${isPure} OR f.alias_to IN (SELECT f.name FROM system.functions AS f WHERE ${isPure}))
      AND NOT match(f.name, '^(?i)(global)?(not)?(null)?in(ignoreset)?$') -- their argument may be a table
    UNION DISTINCT SELECT lower(name) AS name FROM system.data_type_families`)
  const tables = await db.query<{ name: string; hasProject: number; isView: number }>(
    `SELECT name, engine = 'View' AS isView, (database, name) IN
      (SELECT database, table FROM system.columns WHERE name = 'Project') AS hasProject
    FROM system.tables WHERE database = ${toStringLiteral(database)}`,
  )
  return {
    database,
    views: new Set(publicViews),
    databases: new Set(await names('SELECT name FROM system.databases')),
    tables: tables.map(({ name, hasProject, isView }) => ({ name, hasProject: hasProject === 1, isView: isView === 1 })),
    functions: new Set(functions),
  }
}

/**
 * The engine setting that leaves of every table only what this project may see, below the views too.
 * Tables without a project are left empty; nothing depends on which names the statement uses.
 */
export function projectFilter({ database, tables, views }: Catalog, project: string): string {
  const isOfProject = `Project = ${toStringLiteral(project)}`
  const isPublic = `IN (${[...views].map(toStringLiteral).join(', ')})`
  const isHere = `database = ${toStringLiteral(database)}`
  const filters = {
    ...Object.fromEntries(
      tables.filter(({ isView }) => !isView).map(({ name, hasProject }) => [`${database}.${name}`, hasProject ? isOfProject : '0']),
    ),
    'system.databases': `name = ${toStringLiteral(database)}`,
    'system.tables': `${isHere} AND name ${isPublic}`,
    'system.columns': `${isHere} AND table ${isPublic}`,
  }
  return `{${Object.entries(filters)
    .map(([table, filter]) => `${toStringLiteral(table)}: ${toStringLiteral(filter)}`)
    .join(', ')}}`
}
