// Writes a string as a ClickHouse string literal.

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }

/**
 * A quoted literal that the engine reads back as exactly this text.
 * Line breaks are escaped too, so that no value can put a blank line into a statement: there the engine would stop reading.
 */
export function toStringLiteral(text: string): string {
  return `'${text.replaceAll(/[\\'\n\r\t\0]/g, (character) => escapes[character]!)}'`
}
