/** How long an event takes from its 200 until `/api/v1/topics` counts it, at 100 events a second; and the memory of all processes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { generateConversations } from '../src/demo/conversations.ts'
import { toTrackBodies } from '../src/demo/to-track.ts'
import { readUsage, startCollectorProcess, stopCollectorProcess } from '../test/collector-process.ts'

const perSecond = 100
const seconds = Number(process.env['BENCH_SECONDS'] ?? 30)
const pollMs = 100

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'turret-bench-'))
  const collector = await startCollectorProcess({ dataDir, port: 24_319 })
  try {
    const endAt = new Date()
    const startAt = new Date(endAt.getTime() - 7 * 24 * 3600_000)
    const sessions = generateConversations({ seed: 1, sessions: perSecond * seconds, startAt, endAt })
    const bodies = toTrackBodies(sessions).slice(0, perSecond * seconds)
    const acknowledgedAt: number[] = []
    const visibleAt: number[] = []
    const sending = send(collector.url, bodies, acknowledgedAt)
    const state = { isSending: true }
    void sending.finally(() => (state.isSending = false))
    while (state.isSending || visibleAt.length < acknowledgedAt.length) {
      const answer = (await (await fetch(`${collector.url}/api/v1/topics?from=now-30d`)).json()) as { total: { events: number } }
      const now = performance.now()
      while (visibleAt.length < answer.total.events) visibleAt.push(now)
      await delay(pollMs)
    }
    await sending
    const latencies = acknowledgedAt.map((at, i) => visibleAt[i]! - at).sort((a, b) => a - b)
    const at = (p: number): string => (latencies[Math.floor(latencies.length * p)]! / 1000).toFixed(2)
    const { residentBytes } = readUsage(collector.process.pid!)
    console.log(`ready ${collector.readyMs.toFixed(0)} ms after start on an empty directory (target ≤ 3000)`)
    console.log(
      `event → visible in /api/v1/topics at ${perSecond} events/s, ${latencies.length} events: p50 ${at(0.5)} s, p95 ${at(0.95)} s, p99 ${at(0.99)} s (target p95 ≤ 2)`,
    )
    console.log(`resident memory of all processes: ${(residentBytes / 1e6).toFixed(0)} MB (target ≤ 700)`)
  } finally {
    await stopCollectorProcess(collector)
    await rm(dataDir, { recursive: true })
  }
}

/** One event every 10 ms, each its own request. */
async function send(url: string, bodies: readonly object[], acknowledgedAt: number[]): Promise<void> {
  const startedAt = performance.now()
  const requests: Promise<void>[] = []
  for (const [i, body] of bodies.entries()) {
    const waitMs = startedAt + (i * 1000) / perSecond - performance.now()
    if (waitMs > 1) await delay(waitMs)
    requests.push(sendOne(url, body, acknowledgedAt))
  }
  await Promise.all(requests)
}

async function sendOne(url: string, body: object, acknowledgedAt: number[]): Promise<void> {
  const response = await fetch(`${url}/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await response.arrayBuffer()
  if (response.status === 200) acknowledgedAt.push(performance.now())
}

await main()
