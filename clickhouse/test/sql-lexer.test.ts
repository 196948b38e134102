import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitStatements, tokenize } from '../src/sql-lexer.ts'

describe('tokenize', () => {
  it('leaves out white space and every kind of comment', () => {
    const sql = 'SELECT -- one; two\n 1 /* three ; \n four */ , 2 #! five\n + 3'

    const words = [...tokenize(sql)].map((token) => token.text)

    expect(words).toEqual(['SELECT', '1', ',', '2', '+', '3'])
  })

  it('keeps a string whole, whatever quotes, semicolons and comment marks it holds', () => {
    const strings = ["'a;b'", "'it''s'", "'back\\'slash;'", "'-- no comment'", "'/* none */'", "$tag$a;'b$tag$", "''"]

    const tokens = [...tokenize(strings.join(' , '))].filter((token) => token.kind === 'string').map((token) => token.text)

    expect(tokens).toEqual(strings)
  })

  it('counts the round brackets around each token', () => {
    const depths = [...tokenize('a (b (c) d) e')].map((token) => [token.text, token.depth])

    expect(depths).toEqual([
      ['A', 0],
      ['(', 0],
      ['B', 1],
      ['(', 1],
      ['C', 2],
      [')', 1],
      ['D', 1],
      [')', 0],
      ['E', 0],
    ])
  })

  it('covers any text without gaps: between two tokens there is nothing but white space and comments', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '"', '`', '\\', ';', '(', ')', '-', '/', '*', '$', 'a', 'é', ' ', '\n') }),
        (sql) => {
          let end = 0
          for (const token of tokenize(sql)) {
            expect(sql.slice(end, token.start)).toMatch(/^(\s|--[^\n]*(\n|$)|\/\*[^]*?\*\/)*$/)
            expect(token.end).toBeGreaterThan(token.start)
            end = token.end
          }
          expect(sql.slice(end)).toMatch(/^(\s|--[^\n]*(\n|$)|\/\*[^]*?\*\/)*$/)
        },
      ),
    )
  })
})

describe('splitStatements', () => {
  it('splits at semicolons outside strings and comments and leaves out empty statements', () => {
    const script = "CREATE TABLE a (s String DEFAULT ';\n');\n\n-- a comment;\n;SELECT 1; -- the end;\n"

    expect(splitStatements(script)).toEqual(["CREATE TABLE a (s String DEFAULT ';\n')", 'SELECT 1'])
  })
})
