/** What the collector promises under its own loads: steady spans, single events, new texts, and acknowledgements while it is busy. */
import { startTestCollector } from '../../test/running-collector.ts'
import { type Driven, drive } from '../load/drive.ts'
import { distinctText } from '../load/distinct-text.ts'
import { createLoad } from '../load/otlp-load.ts'
import { driveTrack } from '../load/track-load.ts'
import { UsageWatch } from '../load/usage.ts'
import { type Contender, startTurret } from './contenders.ts'

export async function printBounds(seconds: number): Promise<void> {
  console.log('\n| what | reached | promised |\n|---|---|---|')
  await withTurret({}, (turret) => steadySpans(turret, seconds))
  await withTurret({}, (turret) => singleEvents(turret, seconds))
  await withTurret({ topics: true }, (turret) => busyWithTopics(turret, seconds * 2))
  await backlog()
}

async function withTurret(options: { topics?: boolean }, run: (turret: Contender) => Promise<void>): Promise<void> {
  const turret = await startTurret(options)
  try {
    await run(turret)
  } finally {
    await turret.stop()
  }
}

const offered = 30_000 // spans a second

async function steadySpans(turret: Contender, seconds: number): Promise<void> {
  const connections = 8
  const load = createLoad('track', 'protobuf', connections)
  const target = {
    url: `${turret.url}/v1/traces`,
    headers: load.headers,
    connections,
    next: load.next,
    perSecond: offered / load.spansPerRequest,
  }
  await drive({ ...target, seconds: 2 })
  const watch = new UsageWatch(turret.pids)
  const driven = await drive({ ...target, seconds })
  await turret.stored(0)
  const { peakBytes, sumPeakBytes } = watch.stop()
  const reached = Math.round((driven.requests * load.spansPerRequest) / driven.seconds)
  line(`${offered} track spans/s offered: acknowledgement`, `${describe(driven)}, ${reached} spans/s`, 'p99 ≤ 150 ms')
  line('… memory of the front, of all', `${mb(peakBytes[0]!)}, ${mb(sumPeakBytes)}`, '≤ 150 MB, ≤ 700 MB')
}

async function singleEvents(turret: Contender, seconds: number): Promise<void> {
  const target = { url: turret.url, clients: 64, text: distinctText }
  await driveTrack({ ...target, seconds: 2 })
  const driven = await driveTrack({ ...target, seconds })
  const reached = Math.round(driven.requests / driven.seconds)
  line('/track, single events, 64 clients', `${reached} requests/s, ${describe(driven)}`, '≥ 5000 requests/s, p99 ≤ 50 ms')
}

/** New texts all the time, so that topics consolidate, and one journeys query after the other. */
async function busyWithTopics(turret: Contender, seconds: number): Promise<void> {
  const state = { isLoaded: true, queries: 0 }
  const querying = (async () => {
    while (state.isLoaded) {
      await (await fetch(`${turret.url}/api/v1/journeys?from=now-30d`)).arrayBuffer()
      state.queries++
    }
  })()
  const watch = new UsageWatch(turret.pids)
  const driven = await driveTrack({ url: turret.url, clients: 8, seconds, text: distinctText })
  state.isLoaded = false
  await querying
  const { sumPeakBytes } = watch.stop()
  const metrics = await (await fetch(`${turret.url}/metrics`)).text()
  const consolidations = /^turret_topics_consolidation_seconds_count(?:\{.*\})? (\d+)/m.exec(metrics)?.[1] ?? '0'
  const reached = Math.round(driven.requests / driven.seconds)
  const busy = `${consolidations} consolidations, ${state.queries} journeys queries`
  line(`/track, 8 clients, topics on, during ${busy}`, `${reached} requests/s, ${describe(driven)}, ${mb(sumPeakBytes)}`, 'unhurt')
}

const backlogTexts = 20_000

/** From the first request until every text has its topic. */
async function backlog(): Promise<void> {
  const collector = await startTestCollector()
  try {
    const startedAt = performance.now()
    for (let i = 0; i < backlogTexts; i += 1000) {
      const events = Array.from({ length: 1000 }, (_, n) => ({
        name: 'chat',
        session_id: `s-${i + (n % 100)}`,
        metadata: { prompt: distinctText(i + n) },
      }))
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${collector.url}/track`, { method: 'POST', headers, body: JSON.stringify(events) })
      if (answer.status !== 200) throw new Error(`/track answered ${answer.status}`)
    }
    const sentSeconds = (performance.now() - startedAt) / 1000
    await collector.stored()
    for (let waiting = backlogTexts; waiting > 0;) {
      const [row] = await collector.db.query<{ n: number }>('SELECT countIf(AnchorId != 0) AS n FROM events FINAL')
      waiting = backlogTexts - row!.n
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    const seconds = (performance.now() - startedAt) / 1000
    const rate = Math.round(backlogTexts / seconds)
    line(`${backlogTexts} distinct texts sent within ${sentSeconds.toFixed(1)} s: topics`, `${rate} texts/s`, '≥ 1500 texts/s')
  } finally {
    await collector.dispose()
  }
}

function describe({ p50Ms, p99Ms, refused }: Driven): string {
  return `p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, ${refused} refused`
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

function line(what: string, reached: string, promised: string): void {
  console.log(`| ${what} | ${reached} | ${promised} |`)
}
