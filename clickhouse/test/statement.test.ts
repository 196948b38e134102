import { describe, expect, it } from 'vitest'
import { parseStatement } from '../src/embedded/statement.ts'

describe('parseStatement', () => {
  it.each([
    ['SELECT 1', 'read', true],
    ['(SELECT 1) UNION ALL (SELECT 2)', 'read', true],
    ['WITH x AS (SELECT 1) SELECT * FROM x', 'read', true],
    ['-- a comment\nSELECT 1', 'read', true],
    ['SHOW TABLES', 'read', false],
    ['EXPLAIN SELECT 1', 'read', false],
    ['CREATE TABLE t (s String) ENGINE = Memory', 'schema', false],
    ['ALTER TABLE t DELETE WHERE 1', 'schema', false],
    ["KILL QUERY WHERE query_id = 'a'", 'control', false],
    ['INSERT INTO t SELECT 1', 'write', false],
    ['INSERT INTO t (a) WITH 1 AS x SELECT x', 'write', false],
  ])('%s runs in its lane', (sql, lane, isSelect) => {
    expect(parseStatement(sql)).toMatchObject({ lane, isSelect })
  })

  it('reads the FORMAT clause and drops a closing semicolon', () => {
    expect(
      parseStatement("SELECT 'FORMAT CSV', formatDateTime(now(), '%F') AS format FORMAT JSON SETTINGS max_threads = 1 ; "),
    ).toMatchObject({
      sql: "SELECT 'FORMAT CSV', formatDateTime(now(), '%F') AS format FORMAT JSON SETTINGS max_threads = 1",
      format: 'JSON',
    })
  })

  it.each([
    ['SELECT 1; DROP TABLE t', 62],
    ["SELECT ';'; -- comment\n SELECT 2", 62],
    ['', 62],
    ['-- nothing but a comment', 62],
    ["SELECT 1 INTO OUTFILE '/tmp/a'", 48],
    ["INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV", 48],
  ])('refuses %s', (sql, code) => {
    expect(() => parseStatement(sql)).toThrow(expect.objectContaining({ code }))
  })

  it('does not look into the data of an INSERT', () => {
    const sql = 'INSERT INTO t FORMAT CSV\na\'; DROP TABLE t; SELECT "\n\nx'

    const { insert } = parseStatement(sql)

    expect(sql.slice(insert?.dataStart)).toBe('a\'; DROP TABLE t; SELECT "\n\nx')
  })

  it('reads inserted data from a file and leaves columns and settings where they are', () => {
    expect(parseStatement('INSERT INTO t (a, `FORMAT`) SETTINGS max_threads = 1 FORMAT JSONEachRow').insert?.from("/data/it's")).toBe(
      "INSERT INTO t (a, `FORMAT`)  FROM INFILE '/data/it\\'s' COMPRESSION 'none' SETTINGS max_threads = 1  FORMAT JSONEachRow",
    )
    expect(parseStatement('INSERT INTO d.t VALUES (1),\n\n(2)').insert?.from('/f')).toBe(
      "INSERT INTO d.t  FROM INFILE '/f' COMPRESSION 'none'  FORMAT Values",
    )
  })

  it('turns input() into file() and takes the FORMAT clause away', () => {
    const sql = "INSERT INTO t (a) SELECT a + 1 FROM (SELECT * FROM input('a UInt8, b String')) SETTINGS max_threads = 1 FORMAT Protobuf"

    expect(parseStatement(sql).insert?.from('/f')).toBe(
      "INSERT INTO t (a) SELECT a + 1 FROM (SELECT * FROM file('/f', 'Protobuf', 'a UInt8, b String', 'none')) SETTINGS max_threads = 1 ",
    )
  })
})
