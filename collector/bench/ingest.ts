/** `npm run bench:ingest`: how fast spans are acknowledged and stored, and what that costs. Prints figures, asserts nothing. */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readUsage, startCollectorProcess, stopCollectorProcess } from '../test/collector-process.ts'
import { type Profile, buildRequest } from './load/otlp-load.ts'

const seconds = Number(process.env['BENCH_SECONDS'] ?? 10)
const connections = 8
const spansPerRequest = 1000

async function main(): Promise<void> {
  console.log(`${spansPerRequest} spans a request, ${connections} connections, ${seconds} s each; load and collector share the machine\n`)
  console.log('profile   topics   ready ms   spans/s acked   p50 ms   p99 ms   CPU-s per 1M spans stored   resident MB')
  for (const [profile, topics] of [
    ['track', false],
    ['plain', false],
    ['genai', false],
    ['track', true],
  ] as const)
    await run(profile, topics)
}

async function run(profile: Profile, topics: boolean): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'turret-bench-'))
  const storeOnly =
    'yaml:{service: {pipelines: {traces: {exporters: [clickhouse]}, logs: {exporters: [clickhouse]}, logs/events: {receivers: [otlp]}}}}'
  const collector = await startCollectorProcess({ dataDir, port: 24_318, config: topics ? [] : [storeOnly] })
  try {
    const pid = collector.process.pid!
    const body = buildRequest(profile, spansPerRequest)
    const agent = new Agent({ keepAlive: true, maxSockets: connections })
    const before = readUsage(pid)
    const latencies: number[] = []
    const startedAt = performance.now()
    const until = startedAt + seconds * 1000
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (performance.now() < until) {
          const sentAt = performance.now()
          const status = await post(agent, `${collector.url}/v1/traces`, body)
          if (status === 200) latencies.push(performance.now() - sentAt)
          else await new Promise((resolve) => setTimeout(resolve, 200))
        }
      }),
    )
    const elapsed = (performance.now() - startedAt) / 1000
    await stored(collector.url)
    const after = readUsage(pid)
    agent.destroy()
    latencies.sort((a, b) => a - b)
    const spans = latencies.length * spansPerRequest
    const columns = [
      profile.padEnd(9),
      (topics ? 'on' : 'off').padEnd(8),
      collector.readyMs.toFixed(0).padStart(8),
      (spans / elapsed).toFixed(0).padStart(15),
      percentile(latencies, 0.5).toFixed(0).padStart(8),
      percentile(latencies, 0.99).toFixed(0).padStart(8),
      (((after.cpuSeconds - before.cpuSeconds) / spans) * 1e6).toFixed(1).padStart(27),
      (after.residentBytes / 1e6).toFixed(0).padStart(13),
    ]
    console.log(columns.join(' '))
  } finally {
    await stopCollectorProcess(collector)
    await rm(dataDir, { recursive: true })
  }
}

function post(agent: Agent, url: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

/** Waits until the spool is empty. */
async function stored(url: string): Promise<void> {
  for (;;) {
    const health = (await (await fetch(`${url}/health`)).json()) as { spool: { segments: number } }
    if (health.spool.segments === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0
}

await main()
