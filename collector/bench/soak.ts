/**
 * `npm run bench:soak [-- --minutes 10 --spans 1000 --new-texts 0.5]`: first as many different texts as a clusterer keeps; then a steady load
 * of spans, single events and queries, with topics on, and what becomes of memory, files and the spool. A line every 30 seconds at least; then
 * the slope over the last two thirds, once caches are warm. Ends with 1 if something grows.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type CollectorProcess, childrenOf, freePort, startCollectorProcess, stopCollectorProcess } from '../test/collector-process.ts'
import { storedAt } from '../test/running-collector.ts'
import { distinctText } from './load/distinct-text.ts'
import { drive } from './load/drive.ts'
import { createLoad } from './load/otlp-load.ts'
import { type Look, lookAt } from './soak/look.ts'
import { describeTrend, isFlat, trendOf } from './soak/trend.ts'

const minutes = numberOf('--minutes', 10)
const spansPerSecond = numberOf('--spans', 1000)
const newTexts = numberOf('--new-texts', 0.5) // of single events: what was never said before; the others say one of a few thousand texts
const tracksPerSecond = 20
const queryEveryMs = 2000
const lookEveryMs = Math.min(30_000, minutes * 2_000) // thirty looks at least
const knownTexts = 10_000 // more than the 8000 landmarks that a clusterer keeps
const perRequest = 500 // events, while it is filled
const queries = ['topics', 'journeys', 'overview', 'sessions?limit=20', 'segments', 'events?limit=20', 'emerging'].map(
  (path) => `${path}${path.includes('?') ? '&' : '?'}from=now-7d`,
)

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'turret-soak-'))
  const collector = await startCollectorProcess({ dataDir, port: await freePort() })
  try {
    const looks = await soak(collector, dataDir)
    process.exitCode = judge(looks.slice(Math.floor(looks.length / 3))) ? 0 : 1
  } finally {
    await stopCollectorProcess(collector)
    await rm(dataDir, { recursive: true })
  }
}

async function soak({ process: child, url }: CollectorProcess, dataDir: string): Promise<Look[]> {
  const processes = { front: child.pid!, engine: childrenOf(child.pid!)[0]! }
  console.log(
    `${minutes} min, ${spansPerSecond} spans/s, ${tracksPerSecond} single events/s, a query every ${queryEveryMs / 1000} s, topics on\n`,
  )
  console.log('| min | MB, front | … of it heap | MB, engine | MB, spool | segments waiting | descriptors | parts on disk | MB on disk |')
  console.log('|---|---|---|---|---|---|---|---|---|')
  const looks: Look[] = []
  await fill(url)
  const startedAt = performance.now()
  const loading = load(url)
  const state = { isLoaded: true }
  void loading.catch(() => undefined).finally(() => (state.isLoaded = false))
  for (let next = lookEveryMs; state.isLoaded; next += lookEveryMs) {
    await delay(next - (performance.now() - startedAt))
    const look = await lookAt({ url, processes, dataDir, minute: (performance.now() - startedAt) / 60_000 })
    looks.push(look)
    console.log(
      `| ${Object.values(look)
        .map((value) => value.toFixed(1).replace(/\.0$/, ''))
        .join(' | ')} |`,
    )
  }
  console.log(`\n${await loading}`)
  return looks
}

/** Makes the clusterer full, so that what grows from then on is not the data. */
async function fill(url: string): Promise<void> {
  for (let from = 0; from < knownTexts; from += perRequest) {
    const events = Array.from({ length: perRequest }, (_, i) => trackBody(from + i, distinctText(from + i)))
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/track`, { method: 'POST', headers, body: JSON.stringify(events) })
    if (!answer.ok) throw new Error(`/track: ${answer.status} ${await answer.text()}`)
  }
  await storedAt(url, 300_000)
}

function trackBody(i: number, prompt: string): object {
  return { name: 'chat', session_id: `t-${Math.floor(i / 6)}`, user_id: `u-${i % 700}`, metadata: { prompt } }
}

/** Prints what became of each measure. @returns whether all are flat */
function judge(looks: readonly Look[]): boolean {
  const measures = ['frontMb', 'heapMb', 'engineMb', 'spoolMb', 'waiting', 'descriptors'] as const
  const trends = measures.map((measure) => trendOf(measure, looks))
  for (const trend of trends) console.log(describeTrend(trend))
  const growing = trends.filter((trend) => !isFlat(trend)).map(({ measure }) => measure)
  console.log(growing.length === 0 ? '\nflat' : `\nnot flat: ${growing.join(', ')}`)
  return growing.length === 0
}

async function load(url: string): Promise<string> {
  const state = { isLoaded: true }
  const seconds = minutes * 60
  const spans = createLoad('track', 'protobuf', 2)
  let tracked = 0
  const nextTrack = (): Buffer => {
    const i = tracked++
    const isNew = Math.floor((i + 1) * newTexts) > Math.floor(i * newTexts)
    const prompt = distinctText(isNew ? knownTexts + i : i % knownTexts)
    return Buffer.from(JSON.stringify(trackBody(knownTexts + i, prompt)))
  }
  const asking = ask(url, state)
  void asking.catch(() => undefined) // told below, where it is awaited
  const [spansDriven, trackDriven] = await Promise.all([
    drive({
      url: `${url}/v1/traces`,
      headers: spans.headers,
      connections: 2,
      seconds,
      next: spans.next,
      perSecond: spansPerSecond / spans.spansPerRequest,
    }),
    drive({
      url: `${url}/track`,
      headers: { 'content-type': 'application/json' },
      connections: 4,
      seconds,
      next: nextTrack,
      perSecond: tracksPerSecond,
    }),
  ])
  state.isLoaded = false
  const { asked, stopped, slowestMs } = await asking
  const describe = (what: string, { requests, refused, p50Ms, p99Ms }: typeof spansDriven): string =>
    `${what}: ${requests} requests acknowledged, ${refused} refused, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`
  return [
    describe('spans', spansDriven),
    describe('single events', trackDriven),
    `queries: ${asked}, ${stopped} stopped at a limit, slowest ${slowestMs.toFixed(0)} ms`,
  ].join('\n')
}

/**
 * One query after the other, each kind in turn. On a machine without a free core the engine may stop one at its time limit: that is told.
 * @throws Error for an answer that is a fault
 */
async function ask(url: string, state: { isLoaded: boolean }): Promise<{ asked: number; stopped: number; slowestMs: number }> {
  let [asked, stopped, slowestMs] = [0, 0, 0]
  while (state.isLoaded) {
    const query = queries[asked++ % queries.length]!
    const startedAt = performance.now()
    const response = await fetch(`${url}/api/v1/${query}`)
    const text = await response.text()
    if (response.status === 422) stopped++
    else if (!response.ok) throw new Error(`GET ${query}: ${response.status} ${text}`)
    slowestMs = Math.max(slowestMs, performance.now() - startedAt)
    await delay(queryEveryMs)
  }
  return { asked, stopped, slowestMs }
}

function numberOf(name: string, fallback: number): number {
  const at = process.argv.indexOf(name)
  const value = at < 0 ? fallback : Number(process.argv[at + 1])
  if (!(value >= 0)) throw new Error(`${name}: expected a number from 0 on, got ${process.argv[at + 1]}`)
  return value
}

await main()
