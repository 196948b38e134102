import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fillIn, migrate, openClickHouse, type ClickHouse } from '../src/index.ts'
import { temporaryDirectory } from './support.ts'

let db: ClickHouse
let close: () => Promise<void>
let files: { path: string; remove: () => Promise<void> }
const apply = (): Promise<readonly string[]> => migrate(db, { directory: pathToFileURL(`${files.path}/`) })
const write = (name: string, sql: string): Promise<void> => writeFile(join(files.path, name), sql)

beforeAll(async () => {
  const { path, remove } = await temporaryDirectory()
  db = await openClickHouse({ url: `chdb:${path}` })
  close = async () => {
    await db.close()
    await remove()
  }
})
afterAll(() => close())

beforeEach(async () => {
  files = await temporaryDirectory()
})
afterEach(async () => {
  await db.command('DROP DATABASE IF EXISTS turret', { database: 'default' })
  await files.remove()
})

describe('migrate', () => {
  it('makes the database and applies each file once, in order', async () => {
    await write('0002_fill.sql', "INSERT INTO a SELECT 1, 'x;\n';\n")
    await write(
      '0001_first.sql',
      '-- one; two;\nCREATE TABLE a {{onCluster}} (n UInt8, s String)\nENGINE = {{engine:ReplacingMergeTree(n)}} ORDER BY n;\n',
    )

    const first = await apply()
    const second = await apply()
    await write('0003_more.sql', 'ALTER TABLE a ADD COLUMN m UInt8 DEFAULT 7')
    const third = await apply()

    expect([first, second, third]).toEqual([['0001_first', '0002_fill'], [], ['0003_more']])
    expect(await db.query('SELECT * FROM a')).toEqual([{ n: 1, s: 'x;\n', m: 7 }])
    expect(await db.query("SELECT engine FROM system.databases WHERE name = 'turret'")).toEqual([{ engine: 'Atomic' }])
    expect(await db.query('SELECT Name FROM migrations ORDER BY Name')).toHaveLength(3)
  })

  it('refuses a file that was edited after it had been applied, and one that is gone', async () => {
    await write('0001_first.sql', 'CREATE TABLE a (n UInt8) ENGINE = Memory')
    await apply()

    await write('0001_first.sql', 'CREATE TABLE a (n UInt16) ENGINE = Memory')
    await expect(apply()).rejects.toThrow('migration 0001_first was edited')
    await rm(join(files.path, '0001_first.sql'))
    await expect(apply()).rejects.toThrow('migration 0001_first was applied to this database but is not known here')
  })

  it('takes a file that says what it replaces, and leaves databases that have that one as they are', async () => {
    const before = 'CREATE TABLE a (n UInt8) ENGINE = Memory'
    await write('0001_first.sql', before)
    await apply()

    await write(
      '0001_first.sql',
      `-- Replaces ${createHash('sha256').update(before).digest('hex')}\nCREATE TABLE a (n UInt16) ENGINE = Memory`,
    )
    expect(await apply()).toEqual([])
    expect(await db.query("SELECT type FROM system.columns WHERE database = 'turret' AND table = 'a'")).toEqual([{ type: 'UInt8' }])
    await write('0001_first.sql', `-- Replaces ${'0'.repeat(64)}\nCREATE TABLE a (n UInt16) ENGINE = Memory`)
    await expect(apply()).rejects.toThrow('migration 0001_first was edited')
  })

  it('tells which statement of which file failed, and goes on from that file next time', async () => {
    await write('0001_first.sql', 'CREATE TABLE IF NOT EXISTS a (n UInt8) ENGINE = Memory; SELECT nonsense')
    await expect(apply()).rejects.toThrow('migration 0001_first, statement 2: ')
    await write('0001_first.sql', 'CREATE TABLE IF NOT EXISTS a (n UInt8) ENGINE = Memory')

    expect(await apply()).toEqual(['0001_first'])
  })

  it('refuses a file without a number', async () => {
    await write('first.sql', 'SELECT 1')

    await expect(apply()).rejects.toThrow('expected a name like 0001_what.sql, got first.sql')
  })
})

describe('fillIn', () => {
  const sql = 'CREATE TABLE a {{onCluster}} (n UInt8) ENGINE = {{engine:ReplacingMergeTree(Version)}} ORDER BY n'

  it('leaves plain engines on one server', () => {
    expect(fillIn(sql, { cluster: undefined, database: 'turret' })).toBe(
      'CREATE TABLE a  (n UInt8) ENGINE = ReplacingMergeTree(Version) ORDER BY n',
    )
  })

  it('makes replicating engines on a cluster', () => {
    expect(fillIn(sql, { cluster: '{cluster}', database: 'turret' })).toBe(
      "CREATE TABLE a ON CLUSTER '{cluster}' (n UInt8) ENGINE = ReplicatedReplacingMergeTree(Version) ORDER BY n",
    )
  })

  it('names the database where a migration must', () => {
    expect(fillIn('CREATE VIEW {{database}}.v AS SELECT 1', { cluster: undefined, database: 'mine' })).toBe(
      'CREATE VIEW mine.v AS SELECT 1',
    )
  })

  it('refuses a placeholder it does not know', () => {
    expect(() => fillIn('{{engin:MergeTree}}', { cluster: undefined, database: 'turret' })).toThrow('got {{engin:MergeTree}}')
  })
})
