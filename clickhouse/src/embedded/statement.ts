// What a statement is: which lane it runs in, whether its result can be streamed, and where the data of an INSERT begins.

import { tokenize, type Token } from '../sql-lexer.ts'
import { EngineError, errorCodes } from './engine-error.ts'
import { toStringLiteral } from './literal.ts'

export interface Statement {
  /** Without a closing semicolon and without inline data. */
  readonly sql: string
  readonly lane: 'read' | 'write' | 'schema' | 'control'
  /** True for a SELECT, the only kind whose result the engine hands out piece by piece. */
  readonly isSelect: boolean
  /** The output format its FORMAT clause names. */
  readonly format?: string
  /** Present if the INSERT takes data from the request. */
  readonly insert?: InsertWithData
}

export interface InsertWithData {
  /** Index in the text given to `parseStatement` at which inline data may begin. */
  readonly dataStart: number
  /** The same INSERT, reading its data from this file. */
  from(file: string): string
}

const selectWords = new Set(['SELECT', 'WITH', 'FROM'])
const readWords = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN', 'CHECK', 'SET', 'USE'])
const controlWords = new Set(['KILL', 'SYSTEM'])

/**
 * Reads as much of a statement as the server must know.
 * @throws EngineError 62 for an empty text or a second statement, 48 for INFILE and OUTFILE (as ClickHouse does over HTTP)
 */
export function parseStatement(sql: string): Statement {
  const tokens: Token[] = []
  let mayHoldData = true
  for (const token of tokenize(sql)) {
    if (token.text === ';') {
      refuseSecondStatement(sql, token)
      break
    }
    tokens.push(token)
    if (isWord(token, 'OUTFILE', 'INFILE') && isWord(tokens.at(-2), 'INTO', 'FROM')) {
      throw new EngineError(errorCodes.notImplemented, `${token.text} is not available over HTTP`)
    }
    mayHoldData &&= isWord(tokens[0], 'INSERT') && !(token.depth === 0 && isWord(token, 'SELECT', 'WITH'))
    const insert = mayHoldData ? findInsertData(sql, tokens) : undefined
    if (insert) return insert
  }
  const first = tokens.find((token) => token.text !== '(')
  const last = tokens.at(-1)
  if (!first || !last) throw new EngineError(errorCodes.syntaxError, 'Syntax error: the query is empty')

  const text = sql.slice(0, last.end)
  if (tokens.some((token) => token.depth === 0 && token.text === 'INSERT' && token.kind === 'word')) return insertSelect(text, tokens)
  const format = clause(tokens, 'FORMAT')
  const base = { sql: text, ...(format && { format: text.slice(format.start, format.end) }) }
  if (selectWords.has(first.text)) return { ...base, lane: 'read', isSelect: true }
  if (readWords.has(first.text)) return { ...base, lane: 'read', isSelect: false }
  return { ...base, lane: controlWords.has(first.text) ? 'control' : 'schema', isSelect: false }
}

/** `INSERT INTO t [(columns)] [SETTINGS …] VALUES | FORMAT x`: what follows is data, not SQL. */
function findInsertData(sql: string, tokens: readonly Token[]): Statement | undefined {
  const last = tokens.at(-1)!
  const before = tokens.at(-2)
  if (last.depth > 0) return undefined
  const isFormat = isWord(before, 'FORMAT') && last.kind === 'word'
  if (!isFormat && !(isWord(last, 'VALUES') && before?.text !== '.')) return undefined

  const clauseStart = isFormat ? before!.start : last.start
  const settings = tokens.find((token) => token.depth === 0 && isWord(token, 'SETTINGS'))
  const fileStart = settings?.start ?? clauseStart
  const format = isFormat ? sql.slice(last.start, last.end) : 'Values'
  const dataStart = last.end + (isFormat ? /^[ \t\f]*\r?\n?/.exec(sql.slice(last.end))![0].length : 0)
  return {
    sql: sql.slice(0, last.end),
    lane: 'write',
    isSelect: false,
    insert: {
      dataStart,
      // The engine reads INFILE itself, with the table's own column defaults; nothing of the data passes through the SQL parser.
      from: (file) =>
        `${sql.slice(0, fileStart)} FROM INFILE ${toStringLiteral(file)} COMPRESSION 'none' ${sql.slice(fileStart, clauseStart)} FORMAT ${format}`,
    },
  }
}

/** `INSERT … SELECT`, which takes data from the request only if it reads `input('<structure>')`. */
function insertSelect(sql: string, tokens: readonly Token[]): Statement {
  const at = tokens.findIndex((token, i) => isWord(token, 'INPUT') && tokens[i + 1]?.text === '(' && tokens[i + 3]?.text === ')')
  const base = { sql, lane: 'write', isSelect: false } as const
  if (at < 0) return base
  const format = clause(tokens, 'FORMAT')
  if (!format) throw new EngineError(errorCodes.syntaxError, 'Syntax error: INSERT … SELECT FROM input() needs a FORMAT clause')

  const [input, , structure, close] = tokens.slice(at, at + 4) as [Token, Token, Token, Token]
  const formatWord = tokens[tokens.indexOf(format) - 1]!
  return {
    ...base,
    insert: {
      dataStart: sql.length,
      from: (file) => {
        const name = toStringLiteral(sql.slice(format.start, format.end))
        const table = `file(${toStringLiteral(file)}, ${name}, ${structure.text}, 'none')`
        return sql.slice(0, input.start) + table + sql.slice(close.end, formatWord.start) + sql.slice(format.end)
      },
    },
  }
}

/** The token after the last such word outside brackets. */
function clause(tokens: readonly Token[], word: string): Token | undefined {
  const at = tokens.findLastIndex((token) => token.depth === 0 && isWord(token, word))
  const value = at < 0 ? undefined : tokens[at + 1]
  return value?.kind === 'word' ? value : undefined
}

function refuseSecondStatement(sql: string, semicolon: Token): void {
  const [next] = tokenize(sql.slice(semicolon.end))
  if (next && next.text !== ';') throw new EngineError(errorCodes.syntaxError, 'Syntax error (Multi-statements are not allowed)')
}

function isWord(token: Token | undefined, ...words: string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text)
}
