import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toClickHouseError, type ClickHouse } from '../src/index.ts'
import { openTestClickHouse, temporaryDirectory } from './support.ts'

let db: ClickHouse
let directory: string
let close: () => Promise<void>
let tokens = 0
const token = (): string => `token ${(tokens += 1)}`

beforeAll(async () => {
  ;({ db, directory, close } = await openTestClickHouse())
})
afterAll(() => close())

beforeEach(async () => {
  await db.command('DROP TABLE IF EXISTS texts')
  await db.command(`CREATE TABLE texts (Id UInt32, Text String) ENGINE = MergeTree ORDER BY Id
    SETTINGS non_replicated_deduplication_window = 1000`)
})

const texts = async (): Promise<string[]> => (await db.query<{ Text: string }>('SELECT Text FROM texts ORDER BY Id')).map((row) => row.Text)
const lines = (values: readonly string[]): Buffer => Buffer.from(values.map((Text, Id) => `${JSON.stringify({ Id, Text })}\n`).join(''))

describe('an insert', () => {
  it('keeps blank lines, quotes, NUL and emoji as they are', async () => {
    const values = ['a\n\nb', 'it\'s "quoted" `so`', 'nul\0nul', '👩‍👩‍👧 ümläut', '\\ \\n \\\\', '\r\n\r\n', "'; DROP TABLE texts; --", '']

    await db.insertRows(
      'texts',
      values.map((Text, Id) => ({ Id, Text })),
      { token: token() },
    )

    expect(await texts()).toEqual(values)
  })

  it('keeps any text as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 50 }), async (values) => {
        await db.command('TRUNCATE TABLE texts')

        await db.insertRows(
          'texts',
          values.map((Text, Id) => ({ Id, Text })),
          { token: token() },
        )

        expect(await texts()).toEqual(values)
      }),
      { numRuns: 20 },
    )
  })

  it.each(['JSONEachRow', 'CSV', 'TSV', 'Values'])('does not execute SQL that follows a blank line in its body: %s', async (format) => {
    const body = Buffer.from('\n\nDROP TABLE texts;\n\nDROP TABLE texts')

    const failure = await db.insertBytes(`INSERT INTO texts FORMAT ${format}`, body, { token: token() }).catch(toClickHouseError)

    expect(failure).toMatchObject({ retryable: false })
    expect(await texts()).toEqual([])
  })

  it('is counted once for each token', async () => {
    const once = token()

    for (let i = 0; i < 3; i++) await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', lines(['a', 'b']), { token: once })
    await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', lines(['a', 'b']), { token: token() })

    expect(await texts()).toEqual(['a', 'a', 'b', 'b'])
  })

  it('tells how many rows it wrote', async () => {
    const results = [
      await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', lines(['a', 'b', 'c']), { token: token() }),
      await db.insertBytes("INSERT INTO texts SELECT n * 2, 'x' FROM input('n UInt32') FORMAT CSV", Buffer.from('1\n2\n'), {
        token: token(),
      }),
      await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', Buffer.alloc(0), { token: token() }),
    ]

    expect(results.map((result) => result.writtenRows)).toEqual([3, 2, 0])
  })

  it('is whole or nothing', async () => {
    const body = Buffer.from(`${lines(['a', 'b']).toString()}{"Id": "not a number"}\n`)

    const failure = await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', body, { token: token() }).catch(toClickHouseError)

    expect(failure).toMatchObject({ code: 27, retryable: false })
    expect(await texts()).toEqual([])
  })

  it('takes a stream', async () => {
    const body = Readable.from([lines(['a']), lines(['b'])], { objectMode: false })

    await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', body, { token: token() })

    expect(await texts()).toEqual(['a', 'b'])
  })

  it('takes a file in the data directory, and leaves it there', async () => {
    const file = join(directory, 'spool', "it's a segment.json")
    await mkdir(join(directory, 'spool'))
    await writeFile(file, lines(['a\n\nb']))

    const first = await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', { file }, { token: token() })
    const second = await db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', { file }, { token: token() })

    expect([first.writtenRows, second.writtenRows]).toEqual([1, 1])
    expect(await texts()).toEqual(['a\n\nb', 'a\n\nb'])
  })

  it('refuses a file outside the data directory, also behind a link', async () => {
    const outside = await temporaryDirectory()
    const secret = join(outside.path, 'secret.json')
    const link = join(directory, 'link.json')
    await writeFile(secret, lines(['secret']))
    await symlink(secret, link)

    for (const file of [secret, link, join(directory, '..', 'x'), join(directory, 'absent'), directory]) {
      await expect(db.insertBytes('INSERT INTO texts FORMAT JSONEachRow', { file }, { token: token() })).rejects.toMatchObject({
        code: '76',
      })
    }
    await outside.remove()

    expect(await texts()).toEqual([])
  })

  it('takes rows of more than a hundred days into a table with a partition for each', async () => {
    await db.command('CREATE TABLE days (Day Date) ENGINE = MergeTree PARTITION BY Day ORDER BY Day')
    const rows = Array.from({ length: 150 }, (_, i) => ({ Day: new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10) }))
    const body = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))

    await db.insertBytes('INSERT INTO days FORMAT JSONEachRow', body, { token: token(), settings: { max_partitions_per_insert_block: 0 } })

    expect(await db.query('SELECT count() AS n, uniq(Day) AS days FROM days')).toEqual([{ n: 150, days: 150 }])
  })

  it('writes bigints exactly', async () => {
    await db.command('CREATE TABLE numbers64 (n UInt64) ENGINE = Memory')

    await db.insertRows('numbers64', [{ n: 18446744073709551615n }], { token: token() })

    expect(await db.query('SELECT toString(n) AS n FROM numbers64')).toEqual([{ n: '18446744073709551615' }])
  })
})
