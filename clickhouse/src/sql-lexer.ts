// Cuts ClickHouse SQL into tokens: just enough to find clauses, statement ends and inline data. Not a parser.

export interface Token {
  readonly kind: 'word' | 'string' | 'quotedName' | 'punctuation'
  /** Upper case for a word, as written for everything else. */
  readonly text: string
  /** Index of the first character, and of the first one after the token. */
  readonly start: number
  readonly end: number
  /** How many round brackets are open around it; a bracket itself counts as outside. */
  readonly depth: number
}

// Sticky patterns, tried in this order. Strings know both escapes: a backslash and a doubled quote.
// Source: https://clickhouse.com/docs/sql-reference/syntax (comments, literals, heredoc, identifiers).
const skipped = /(?:\s+|--[^\n]*|#[! ][^\n]*|\/\*[^]*?\*\/)+/y
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['string', /'(?:[^'\\]|\\[^]|'')*'/y],
  ['string', /\$(\w*)\$[^]*?\$\1\$/y],
  ['quotedName', /`(?:[^`\\]|\\[^]|``)*`|"(?:[^"\\]|\\[^]|"")*"/y],
  ['word', /[\p{L}\p{N}_]+/uy],
  ['punctuation', /[^]/y],
]

/**
 * The tokens of one text, comments and white space left out.
 * Lazy: a caller may stop where inline data begins, which need not be SQL at all. An unclosed quote is a token of one character.
 */
export function* tokenize(sql: string): Generator<Token, void, undefined> {
  let depth = 0
  let position = 0
  while (position < sql.length) {
    position += match(skipped, sql, position)?.length ?? 0
    if (position >= sql.length) return
    const [kind, text] = nextToken(sql, position)
    if (text === ')') depth = Math.max(0, depth - 1)
    yield { kind, text: kind === 'word' ? text.toUpperCase() : text, start: position, end: position + text.length, depth }
    if (text === '(') depth += 1
    position += text.length
  }
}

/**
 * The statements of a script, each without its closing semicolon; empty ones are left out.
 * A semicolon inside a string, a name or a comment does not end a statement.
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = []
  let start = 0
  let hasTokens = false
  for (const token of tokenize(script)) {
    if (token.text !== ';') {
      hasTokens = true
      continue
    }
    if (hasTokens) statements.push(script.slice(start, token.start).trim())
    start = token.end
    hasTokens = false
  }
  if (hasTokens) statements.push(script.slice(start).trim())
  return statements
}

function nextToken(sql: string, position: number): [Token['kind'], string] {
  for (const [kind, pattern] of patterns) {
    const text = match(pattern, sql, position)
    if (text !== undefined) return [kind, text]
  }
  return ['punctuation', sql.charAt(position)]
}

function match(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0]
}
