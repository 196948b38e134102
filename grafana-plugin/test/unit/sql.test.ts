/** Every SQL of the alert rules runs on an embedded ClickHouse with the project's own tables and views. */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '../..')
const clickhouse = resolve(root, '../clickhouse/dist/index.js')
const isBuilt = existsSync(clickhouse)
if (!isBuilt) {
  console.log(`SKIPPED: the alert rules' SQL needs the project's ClickHouse package: run "npm ci && npm run build" at the root first`)
}

interface Database {
  command(sql: string): Promise<void>
  query<T>(sql: string): Promise<T[]>
  close(): Promise<void>
}

const rules: { title: string; data: { model: { rawSql: string } }[] }[] = parse(
  await readFile(join(root, 'provisioning/alerting/topics.yaml'), 'utf8'),
).groups[0].rules

describe.runIf(isBuilt)('alert rules', () => {
  let directory: string
  let db: Database

  beforeAll(async () => {
    const { openClickHouse, migrate } = (await import(/* @vite-ignore */ clickhouse)) as {
      openClickHouse: (options: { url: string }) => Promise<Database>
      migrate: (db: Database) => Promise<unknown>
    }
    directory = await mkdtemp(join(tmpdir(), 'turret-sql-'))
    db = await openClickHouse({ url: `chdb:${directory}` })
    await migrate(db)
    await fill(db)
  })
  afterAll(async () => {
    await db?.close()
    await rm(directory, { recursive: true, force: true })
  })

  it.each(rules.map(({ title, data }) => [title, data[0]!.model.rawSql] as const))(
    '“%s” answers one number, and only text beside it',
    async (_, sql) => {
      const rows = await db.query<Record<string, unknown>>(sql)

      for (const row of rows) {
        expect(Object.values(row).filter((value) => typeof value === 'number')).toHaveLength(1)
        expect(Object.keys(row)).toContain('project')
      }
    },
  )

  it('find a new topic, a spike, a drop-off that rises, unclustered messages, failing answers and silence in data that has them', async () => {
    const counts = await Promise.all(rules.map(async ({ title, data }) => [title, (await db.query(data[0]!.model.rawSql)).length] as const))

    expect(counts.filter(([, count]) => count === 0).map(([title]) => title)).toEqual([])
  })
})

/** Of project `quiet` nothing has come for two hours. In `default`: two weeks in which topic 1 is calm and rarely ends a session; in the last day it spikes and ends them all, topic 2 is new, and one answer in two fails. */
async function fill(db: Database): Promise<void> {
  await db.command(
    `INSERT INTO topics (Project, Level, TopicId, State, Label, Version) VALUES ('default', 'topic', 1, 'active', 'Refunds', 1), ('default', 'topic', 2, 'active', 'Outage', 1), ('default', 'topic', 3, 'active', 'Thanks', 1)`,
  )
  const event = (session: string, topic: string, time: string, error = '0', project = 'default') =>
    `SELECT '${project}' AS Project, toString(generateUUIDv4()) AS EventId, ${session} AS SessionId, 'chat' AS Name, 'prompt' AS Dimension, toUInt64(${topic}) AS ArrivalTopicId, ${error} AS IsError, ${time} AS Timestamp, 1 AS Version`
  const before = `now64(9) - toIntervalMinute(1500 + (number % 400) * 45)`
  const today = `now64(9) - toIntervalMinute(40 + number % 60)`
  const parts = [
    `${event(`concat('a', toString(number))`, '1', before)} FROM numbers(400)`,
    `${event(`concat('a', toString(number))`, '3', `${before} + toIntervalMinute(1)`)} FROM numbers(400)`,
    `${event(`concat('b', toString(number))`, '1', today)} FROM numbers(200)`,
    `${event(`concat('c', toString(number))`, '2', `now64(9) - toIntervalMinute(number % 20)`, 'number % 2')} FROM numbers(60)`,
    `${event(`concat('d', toString(number))`, '0', today)} FROM numbers(200)`,
    `${event(`concat('q', toString(number))`, '1', `now64(9) - toIntervalMinute(120 + number)`, '0', 'quiet')} FROM numbers(2100)`,
  ]
  for (const part of parts) {
    await db.command(
      `INSERT INTO events (Project, EventId, SessionId, Name, Dimension, ArrivalTopicId, IsError, Timestamp, Version) ${part}`,
    )
  }
}
