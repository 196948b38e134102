/** Completes the SQL of `clickhouse/queries/`: `{{name}}` stands for a given piece of SQL, or for the file `fragment_<name>.sql`. */
import { loadQuery } from '@turret/clickhouse'

/** Pieces of SQL by the name of their placeholder. They come from code, never from a request. */
export type Pieces = Readonly<Record<string, string>>

/**
 * @param name of a file in `clickhouse/queries/`, without `.sql`
 * @throws RangeError for a placeholder that nothing fills
 */
export function toSql(name: string, pieces: Pieces): string {
  return fill(withoutHeader(loadQuery(name)), pieces)
}

function fill(sql: string, pieces: Pieces): string {
  return sql.replace(/\{\{(\w+)\}\}/g, (_, name: string) => fill(pieces[name] ?? withoutHeader(loadQuery(`fragment_${name}`)), pieces))
}

/** The comment at the top explains the file, not the query: it need not travel with it. */
function withoutHeader(sql: string): string {
  return sql.replace(/^(--.*\n)+/, '').trimEnd()
}
