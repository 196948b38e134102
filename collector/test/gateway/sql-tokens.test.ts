import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTokens, writeSql } from '../../src/gateway/sql-tokens.ts'

const rewritten = (sql: string): string => writeSql(readTokens(sql))

describe('writing SQL anew', () => {
  it.each([
    ['SELECT  a ,b\n\tFROM t ;', 'SELECT a ,b FROM t'],
    ['SELECT/* x */a--b\nFROM t -- c', 'SELECT a FROM t'],
    ["SELECT '--', '/*', `;`, \";\"", "SELECT '--', '/*', `;`, \";\""],
    ["SELECT 'it''s', '\\'', '\\\\'", "SELECT 'it''s', '\\'', '\\\\'"],
    ["SELECT DATE'2026-01-01'", "SELECT DATE '2026-01-01'"],
    ['SELECT 1.5e-3, .5, 0xfF, t.1, -1, x->x+1, a::UInt8', 'SELECT 1.5e-3, .5, 0xfF, t.1, -1, x->x+1, a::UInt8'],
    ['SELECT - -1, 4 / /**/ *', 'SELECT - -1, 4 / *'],
  ])('leaves out comments and keeps the rest: %j', (sql, expected) => {
    expect(rewritten(sql)).toBe(expected)
  })

  it.each([
    ["SELECT 'a", 'not closed'],
    ['SELECT `a', 'not closed'],
    ['SELECT /* a', 'comment is not closed'],
    ['SELECT (a', 'bracket is not closed'],
    ['SELECT a)', 'no opening one'],
    ['SELECT 1; SELECT 2', 'one request is one statement'],
    ['SELECT 1a', 'begins nothing'],
    ['SELECT $$a$$', 'begins nothing'],
    ['SELECT \u00A01', 'begins nothing'],
    [' -- nothing', 'empty'],
  ])('refuses %j', (sql, why) => {
    expect(() => readTokens(sql)).toThrow(why)
  })

  it('gives what is read again as the same tokens, whatever was sent', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        '--',
        '/*',
        '*/',
        '/',
        '*',
        '-',
        '\n',
        ' ',
        ';',
        '(',
        ')',
        '{',
        '}',
        '.',
        ',',
        '#',
        '$$',
        '1',
        '0x',
        'e',
        'a',
        'x',
        '>',
        '<',
        '=',
        ':',
        '|',
        '\0',
        '\u2019',
      ),
      fc.constantFrom('SELECT', 'FROM', 'SETTINGS', "'it''s'", "'\\''", '`a`', '1.5', '->'),
    )
    const isSame = (sql: string): void => {
      let tokens
      try {
        tokens = readTokens(sql)
      } catch {
        return // refused, so it is not written
      }
      const again = readTokens(writeSql(tokens))
      expect(again.map(({ kind, text }) => [kind, text])).toEqual(tokens.map(({ kind, text }) => [kind, text]))
    }

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => isSame(pieces.join(''))),
      { numRuns: 20_000, seed: 7 },
    )
  })

  it('reads a long text in time that grows with its length alone', () => {
    const hostile = ['/* ', '((((', "''", '--\n', 'a.', '1e', '`a`', 'IN (', '{a:'].map((text) => text.repeat(60_000))
    const startedAt = performance.now()

    for (const sql of hostile) {
      try {
        readTokens(sql)
      } catch {
        // refused is as good as read
      }
    }

    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})
