/**
 * Cuts a client's SQL into tokens and writes it anew from them. What the engine gets is what was checked: no comment, no heredoc, no
 * character that two readers of SQL could take differently reaches it. Whatever is not named here is refused.
 */
import { GatewayError } from './gateway-error.ts'

export interface SqlToken {
  /** `name` is a quoted identifier. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol'
  /** As it is sent to the engine. */
  readonly text: string
  /** Upper case for a word, without its quotes for a name, as written for everything else. */
  readonly value: string
  /** What the engine takes an identifier for: the word as written, or the name. */
  readonly identifier: string | undefined
  /** How many brackets are open around it; a bracket itself counts as outside. */
  readonly depth: number
  /** True if nothing stands between it and the token before. */
  readonly isGlued: boolean
}

const blank = /(?:[ \t\r\n\f\v]|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)+/y
// Strings and names end where ClickHouse's lexer ends them: at a quote that is neither doubled nor behind a backslash. Names with
// either of the two are refused, so that a name is compared as the engine reads it.
const patterns: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['string', /'(?:[^'\\\0]|\\[^\0]|'')*'/y],
  ['name', /`[^`\\\0]+`(?!`)|"[^"\\\0]+"(?!")/y],
  ['number', /(?:0x[0-9a-f]+|\d+\.?\d*(?:e[+-]?\d+)?)(?!\w)/iy],
  ['word', /[a-z_]\w*/iy],
  ['symbol', /->|::|<=>|<=|>=|<>|!=|==|\|\||[()[\]{},.+\-*/%=<>?:]/y],
]
const opening = new Set(['(', '[', '{'])
const closing = new Set([')', ']', '}'])

/**
 * The tokens of one statement, without a semicolon at its end.
 * @throws GatewayError for a second statement, an unclosed quote, comment or bracket, and any other character
 */
export function readTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = []
  let depth = 0
  let position = 0
  let isGlued = false
  while (position < sql.length) {
    const space = match(blank, sql, position)
    position += space.length
    isGlued = space === ''
    if (position >= sql.length) break
    if (sql[position] === ';') {
      refuseMore(sql, position)
      break
    }
    const [kind, text] = nextToken(sql, position)
    position += text.length
    if (closing.has(text)) depth -= 1
    if (depth < 0) throw new GatewayError('syntax', 'a closing bracket has no opening one')
    tokens.push({ kind, text, depth, isGlued, ...meaning(kind, text) })
    if (opening.has(text)) depth += 1
  }
  if (depth > 0) throw new GatewayError('syntax', 'a bracket is not closed')
  if (tokens.length === 0) throw new GatewayError('syntax', 'the query is empty')
  return tokens
}

/** The statement of these tokens. Two that were apart stay apart, and two of which neither is a symbol are parted. */
export function writeSql(tokens: readonly SqlToken[]): string {
  return tokens
    .map(({ text, kind, isGlued }, i) => {
      const isApart = !isGlued || (kind !== 'symbol' && tokens[i - 1]?.kind !== 'symbol')
      return i > 0 && isApart ? ` ${text}` : text
    })
    .join('')
}

/** Is it one of these words, unquoted? In upper case. */
export function isWord(token: SqlToken | undefined, ...words: string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value)
}

function nextToken(sql: string, position: number): [SqlToken['kind'], string] {
  if (sql.startsWith('/*', position)) throw new GatewayError('syntax', 'a comment is not closed')
  for (const [kind, pattern] of patterns) {
    const text = match(pattern, sql, position)
    if (text !== '') return [kind, text]
  }
  throw new GatewayError('syntax', `a character at position ${position} begins nothing that may stand here, or a quote is not closed`)
}

function meaning(kind: SqlToken['kind'], text: string): Pick<SqlToken, 'value' | 'identifier'> {
  if (kind === 'word') return { value: text.toUpperCase(), identifier: text }
  if (kind === 'name') return { value: text.slice(1, -1), identifier: text.slice(1, -1) }
  return { value: text, identifier: undefined }
}

/** Behind a semicolon there may be blanks and further semicolons. */
function refuseMore(sql: string, start: number): void {
  let position = start
  while (position < sql.length) {
    position += match(blank, sql, position).length
    if (position < sql.length && sql[position] !== ';') throw new GatewayError('syntax', 'one request is one statement')
    position += 1
  }
}

function match(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0] ?? ''
}
