import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClickHouse } from '../src/index.ts'
import { openTestClickHouse } from './support.ts'

let db: ClickHouse
let close: () => Promise<void>

beforeAll(async () => {
  ;({ db, close } = await openTestClickHouse())
})
afterAll(() => close())

async function echo(type: string, value: unknown, shown = 'x'): Promise<unknown> {
  const [row] = await db.query<{ x: unknown }>(`SELECT {value: ${type}} AS v, ${shown.replaceAll('x', 'v')} AS x`, { params: { value } })
  return row?.x
}

// Everything that could end a literal, a line, a statement or the engine's own reading of it.
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("'", '"', '`', '\\', '\n', '\n\n', '\r', '\t', '\0', ';', '--', '/*', '*/', '{', '}', '%', '$', "'; DROP TABLE t; --"),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 20,
})

describe('query parameters', () => {
  it('return any string unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        expect(await echo('String', text)).toBe(text)
      }),
      { numRuns: 150 },
    )
  })

  it('return arrays and maps of any strings unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 4 }), async (texts) => {
        expect(await echo('Array(String)', texts)).toEqual(texts)
        const map = Object.fromEntries(texts.map((text, i) => [`${text}${i}`, text]))
        expect(await echo('Map(String, String)', map)).toEqual(map)
      }),
      { numRuns: 50 },
    )
  })

  it('return numbers, times and nulls by their type', async () => {
    expect(await echo('Int64', -5)).toBe(-5)
    expect(await echo('UInt64', 18446744073709551615n, 'toString(x)')).toBe('18446744073709551615')
    expect(await echo('Float64', 0.1)).toBe(0.1)
    expect(await echo('Bool', true)).toBe(true)
    expect(await echo('DateTime64(9)', '2026-01-02 03:04:05.123456789')).toBe('2026-01-02 03:04:05.123456789')
    expect(await echo('DateTime64(3)', new Date('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02 03:04:05.678')
    expect(await echo('Nullable(String)', null)).toBeNull()
    expect(await echo('Array(Array(UInt8))', [[1], [2, 3]])).toEqual([[1], [2, 3]])
  })

  it('name tables and limits', async () => {
    const sql = 'SELECT number FROM {db: Identifier}.{table: Identifier} LIMIT {n: UInt8}'

    expect(await db.query(sql, { params: { db: 'system', table: 'numbers', n: 2 } })).toEqual([{ number: 0 }, { number: 1 }])
  })

  it('do not mix when many queries run at once', async () => {
    const values = Array.from({ length: 90 }, (_, i) => `value ${i}`)

    expect(await Promise.all(values.map((value) => echo('String', value)))).toEqual(values)
  })

  it('are told when they are missing or of the wrong type', async () => {
    await expect(db.query('SELECT {a: String}')).rejects.toMatchObject({ code: '456' })
    await expect(db.query('SELECT {a: UInt8}', { params: { a: 'x' } })).rejects.toMatchObject({ code: '457' })
  })
})
