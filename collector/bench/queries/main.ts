/**
 * `npm run bench:queries`: how long the pages of the query API take on 1M and 10M events while the same collector takes in 1,000 events a second.
 * A page above its bar on the smallest size, or one that grows faster than the data, makes the exit code 1.
 *
 *   --events 1000000,10000000   sizes
 *   --directory <directory>     keep the generated data there, and take what is there already
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { migrate, openClickHouse } from '@turret/clickhouse'
import { type Client, createClient } from '../../src/query/client.ts'
import { freePort, readUsage, startCollectorProcess, stopCollectorProcess } from '../../test/collector-process.ts'
import { generate, project } from './generate.ts'
import { startLoad } from './load.ts'

const perSecond = 1000
const settleMs = 40_000 // of ingesting: a start and the first topics of a new project take work that is over then
const repeats = 5
const readKey = 'bench-read'
const ingestKey = 'bench-ingest'
const config = [
  `yaml:extensions::api_keys::keys: [{key: ${readKey}, project: ${project}, scopes: [read]}, {key: ${ingestKey}, project: live, scopes: [ingest]}]`,
  'yaml:service::extensions: [api_keys, health_check, query_api]',
  'yaml:extensions::query_api::max_execution_time: 300s', // a slow page is to be measured, not stopped
  'yaml:extensions::query_api::max_memory: 4GiB',
]

/** A page, and the most milliseconds it may take on the smallest size. */
interface Page {
  readonly name: string
  readonly ask: (client: Client, session: string) => Promise<object>
  readonly barMs?: number
}

const pages: readonly Page[] = [
  { name: 'topics', ask: (client) => client.topics({}), barMs: 300 },
  { name: 'topics, last 7 days', ask: (client) => client.topics({ from: 'now-7d' }) },
  { name: 'journeys', ask: (client) => client.journeys({}), barMs: 1500 },
  { name: 'journeys, one plan', ask: (client) => client.journeys({ segments: { plan: ['pro'] } }), barMs: 1000 },
  { name: 'journeys, last 7 days', ask: (client) => client.journeys({ from: 'now-7d' }) },
  { name: 'map', ask: (client) => client.map({}) },
  { name: 'map, last 7 days', ask: (client) => client.map({ from: 'now-7d' }) },
  { name: 'one session', ask: (client, session) => client.session(session), barMs: 30 },
  { name: 'sessions', ask: (client) => client.sessions({ limit: 50 }) },
  { name: 'events', ask: (client) => client.events({ limit: 50 }) },
  { name: 'segments', ask: (client) => client.segments({}) },
]

/** Of a page, best and median; one that was refused has no time. */
interface Measured {
  readonly ms: number
  readonly medianMs: number
  readonly cpuMs: number
}

const { values: flags } = parseArgs({
  options: { events: { type: 'string', default: '1000000,10000000' }, directory: { type: 'string' } },
})

async function main(): Promise<void> {
  const sizes = flags.events.split(',').map(Number)
  const root = flags.directory ?? (await mkdtemp(join(tmpdir(), 'turret-queries-')))
  const results: { readonly size: number; readonly of: ReadonlyMap<string, Measured> }[] = []
  try {
    for (const size of sizes) results.push({ size, of: await measureSize(size, join(root, String(size))) })
  } finally {
    if (flags.directory === undefined) await rm(root, { recursive: true })
  }
  console.log(
    `\n${['best (median) of 5: ms / CPU ms'.padEnd(32), ...sizes.map((size) => size.toLocaleString('en-US').padStart(22)), ' bar ms', ' growth'].join('')}`,
  )
  for (const page of pages) printRow(page, results)
}

async function measureSize(size: number, dataDir: string): Promise<ReadonlyMap<string, Measured>> {
  if (!existsSync(dataDir)) await fill(dataDir, size)
  const collector = await startCollectorProcess({ dataDir, port: await freePort(), config })
  const client = createClient({ url: collector.url, apiKey: readKey })
  const load = startLoad(collector.url, { 'x-api-key': ingestKey }, perSecond)
  try {
    await delay(settleMs)
    const session = (await client.events({ limit: 1 })).events[0]?.session_id
    if (session === undefined) throw new Error(`${dataDir} holds no events of the project ${project}`)
    const measured = new Map<string, Measured>()
    for (const { name, ask } of pages) {
      const page = time(collector.process.pid!, () => ask(client, session))
      measured.set(name, await page.catch((error: unknown) => refused(name, error)))
    }
    const sent = await load.stop()
    console.log(`${size.toLocaleString('en-US')} events; meanwhile ${sent.events} came in, ${sent.perSecond.toFixed(0)} a second`)
    return measured
  } finally {
    await load.stop()
    await stopCollectorProcess(collector)
  }
}

async function fill(dataDir: string, size: number): Promise<void> {
  const db = await openClickHouse({ url: `chdb:${dataDir}`, embedded: { maxMemoryBytes: 2 * 1024 ** 3 } })
  try {
    await migrate(db)
    await generate(db, size)
  } finally {
    await db.close()
  }
}

/** The best of a few, for other work on the machine only ever adds. The CPU is all that the collector spends meanwhile, the ingest included. */
async function time(pid: number, ask: () => Promise<object>): Promise<Measured> {
  const runs: { readonly ms: number; readonly cpuMs: number }[] = []
  for (let i = 0; i < repeats; i++) {
    const [startedAt, before] = [performance.now(), readUsage(pid)]
    await ask()
    runs.push({ ms: performance.now() - startedAt, cpuMs: 1000 * (readUsage(pid).cpuSeconds - before.cpuSeconds) })
  }
  runs.sort((a, b) => a.ms - b.ms)
  return { ...runs[0]!, medianMs: runs[repeats >> 1]!.ms }
}

function refused(name: string, error: unknown): Measured {
  console.log(`${name}: ${String(error)}`)
  return { ms: Infinity, medianMs: Infinity, cpuMs: Infinity }
}

function printRow({ name, barMs }: Page, results: readonly { readonly size: number; readonly of: ReadonlyMap<string, Measured> }[]): void {
  const cells = results.map(({ of }) => of.get(name)!)
  const [first, last] = [results[0]!, results.at(-1)!]
  const growth = last.of.get(name)!.ms / first.of.get(name)!.ms
  const isLinear = !(growth > last.size / first.size)
  const misses = [...(cells[0]!.ms > (barMs ?? Infinity) ? ['above its bar'] : []), ...(isLinear ? [] : ['more than linear'])]
  if (misses.length > 0) process.exitCode = 1
  console.log(
    [
      name.padEnd(32),
      ...cells.map(({ ms, medianMs, cpuMs }) => `${ms.toFixed(0)} (${medianMs.toFixed(0)}) / ${cpuMs.toFixed(0)}`.padStart(22)),
      String(barMs ?? '').padStart(7),
      `× ${growth.toFixed(1)}`.padStart(7),
      misses.length === 0 ? '' : `  MISS: ${misses.join(', ')}`,
    ].join(''),
  )
}

await main()
