/** The forms of a list answer: JSON with everything, NDJSON and CSV with the rows of the list. */
import { QueryError } from './query-error.ts'

export const formats = { json: 'application/json', ndjson: 'application/x-ndjson', csv: 'text/csv' } as const

export type Format = keyof typeof formats

/**
 * The form that an Accept header asks for; the first one named wins.
 * @param hasList whether the answer is a list, which alone has NDJSON and CSV
 * @throws QueryError NOT_ACCEPTABLE
 */
export function chooseFormat(accept: string | null, hasList: boolean): Format {
  const wanted = (accept ?? '*/*').split(',').map((part) => part.split(';', 1)[0]!.trim().toLowerCase())
  for (const type of wanted) {
    if (type === '*/*' || type === 'application/*' || type === formats.json || type === '') return 'json'
    if (hasList && (type === formats.ndjson || type === 'application/jsonl')) return 'ndjson'
    if (hasList && (type === formats.csv || type === 'text/*')) return 'csv'
  }
  throw new QueryError('NOT_ACCEPTABLE', `Accept: this answer comes as ${hasList ? Object.values(formats).join(', ') : formats.json}`)
}

export function toNdjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** RFC 4180, with the keys of the first row as header; lists and objects inside a row are written as JSON. */
export function toCsv(rows: readonly object[]): string {
  const header = Object.keys(rows[0] ?? {})
  const lines = rows.map((row) => header.map((key) => toCell((row as Record<string, unknown>)[key])).join(','))
  return rows.length === 0 ? '' : [header.map(toCell).join(','), ...lines, ''].join('\r\n')
}

function toCell(value: unknown): string {
  const text =
    value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : `${value as string | number | boolean}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
