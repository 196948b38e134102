/** `npm run bench:queries`: how long the pages of the query API take on 1M and 10M events while 1,000 events a second arrive. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openClickHouse } from '@turret/clickhouse'
import { createQueryApp } from '../../src/query/app.ts'
import { readUsage } from '../../test/collector-process.ts'
import { generate, insert } from './generate.ts'

const sizes = (process.env['BENCH_EVENTS'] ?? '1000000,10000000').split(',').map(Number)
const repeats = 3
const ingestEvery = 500 // ms
const perInsert = 500 // events: 1,000 a second

/** Path, and the target in ms for 10M events. */
const pages: readonly (readonly [name: string, path: (session: string) => string, targetMs: number | undefined])[] = [
  ['topics', () => '/topics', 300],
  ['topics, last 7 days', () => '/topics?from=now-7d', undefined],
  ['journeys', () => '/journeys', 1500],
  ['journeys, a segment', () => '/journeys?segment.plan=pro', 1000],
  ['journeys, last 7 days', () => '/journeys?from=now-7d', undefined],
  ['one session', (session) => `/sessions/${session}`, 30],
  ['sessions', () => '/sessions?limit=50', undefined],
  ['events', () => '/events?limit=50', undefined],
  ['segments', () => '/segments', undefined],
  ['overview', () => '/overview', undefined],
]

async function main(): Promise<void> {
  for (const size of sizes) await measure(size)
}

async function measure(size: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'turret-queries-'))
  const db = await openClickHouse({ url: `chdb:${directory}`, embedded: { maxMemoryBytes: 3 * 1024 ** 3 } })
  const limits = { timeoutMs: 300_000, maxMemoryBytes: 3 * 1024 ** 3 }
  const app = createQueryApp({
    db,
    now: () => new Date(),
    idleMs: 1_800_000,
    version: 'bench',
    limits,
    authenticate: () => ({ project: 'default', keyId: '' }),
  })
  let arrived = size
  let ingesting: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const ingest = async (): Promise<void> => {
    await db.command(insert(arrived, perInsert, size))
    arrived += perInsert
  }
  try {
    await migrate(db)
    await generate(db, size)
    timer = setInterval(() => void (ingesting = ingesting.then(ingest)), ingestEvery)
    const [row] = await db.query<{ id: string }>('SELECT SessionId AS id FROM events LIMIT 1')
    console.log(`\n${size.toLocaleString('en-US')} events, ${perInsert * (1000 / ingestEvery)} more a second`)
    for (const [name, path, targetMs] of pages) console.log(await time(name, () => app.request(`/api/v1${path(row!.id)}`), targetMs))
  } finally {
    clearInterval(timer)
    await ingesting
    await db.close()
    await rm(directory, { recursive: true })
  }
}

/** The best of a few: other work on the machine only ever adds. CPU is that of the process and of the engine, the ingest included. */
async function time(name: string, ask: () => Response | Promise<Response>, targetMs: number | undefined): Promise<string> {
  let best = { ms: Infinity, cpuMs: Infinity }
  for (let i = 0; i < repeats; i++) {
    const [startedAt, before] = [performance.now(), readUsage(process.pid)]
    const response = await ask()
    if (response.status !== 200) return `${name.padEnd(24)} ${await response.text()}`
    await response.arrayBuffer()
    const ms = performance.now() - startedAt
    if (ms < best.ms) best = { ms, cpuMs: 1000 * (readUsage(process.pid).cpuSeconds - before.cpuSeconds) }
  }
  const target = targetMs === undefined ? '' : `  (target at 10M: ≤ ${targetMs} ms)`
  return `${name.padEnd(24)}${best.ms.toFixed(0).padStart(8)} ms${best.cpuMs.toFixed(0).padStart(8)} ms CPU${target}`
}

await main()
