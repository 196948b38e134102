/** Who runs the race: Turret as its own process, and a real OpenTelemetry Collector with and without a database behind it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openClickHouse } from '@turret/clickhouse'
import type { Profile } from '../load/otlp-load.ts'
import { childrenOf, freePort, startCollectorProcess, stopCollectorProcess } from '../../test/collector-process.ts'

export interface Contender {
  readonly name: string
  /** Base URL of its OTLP/HTTP receiver. */
  readonly url: string
  /** All its processes, the one that receives first. */
  readonly pids: readonly number[]
  /** Resolves when everything that was acknowledged is in the database. */
  stored(spans: number): Promise<void>
  stop(): Promise<void>
}

const storeOnly =
  'yaml:{service: {pipelines: {traces: {exporters: [clickhouse]}, logs: {exporters: [clickhouse]}, logs/events: {receivers: [otlp]}}}}'

/** @param options.topics also embeds and clusters what users said */
export async function startTurret({ topics = false } = {}): Promise<Contender> {
  const dataDir = await mkdtemp(join(tmpdir(), 'turret-bench-'))
  const collector = await startCollectorProcess({ dataDir, port: await freePort(), config: topics ? [] : [storeOnly] })
  const pid = collector.process.pid!
  return {
    name: topics ? 'turret with topics' : 'turret',
    url: collector.url,
    pids: [pid, ...childrenOf(pid)],
    async stored() {
      for (;;) {
        const health = (await (await fetch(`${collector.url}/health`)).json()) as { spool: { segments: number } }
        if (health.spool.segments === 0) return
        await delay(pollMs)
      }
    },
    async stop() {
      await stopCollectorProcess(collector)
      await rm(dataDir, { recursive: true })
    },
  }
}

const pollMs = 100
const executable = fileURLToPath(new URL('../../../interop/.cache/otelcol/otelcol-interop', import.meta.url))

/** Was the OpenTelemetry Collector built? `npm run test:interop` does it, from interop/collector/builder.yaml. */
export function hasOtelCollector(): boolean {
  return existsSync(executable)
}

/** Receives, batches, and throws away. */
export async function startOtelCollectorAlone(profile: Profile): Promise<Contender> {
  const { child, url, dispose } = await startOtelCollector({ nop: {} }, batchSpans[profile])
  return { name: 'otelcol → nop', url, pids: [child.pid!], stored: async () => undefined, stop: dispose }
}

/** Spans a batch of the Collector: large inserts are the cheapest, and 50,000 long messages at once would not fit into the server's memory. */
const batchSpans: Readonly<Record<Profile, number>> = { track: 50_000, plain: 50_000, genai: 5_000 }

/** Writes through clickhouseexporter into our own embedded server, started alone. */
export async function startOtelCollectorWithClickHouse(profile: Profile): Promise<Contender> {
  const dataDir = await mkdtemp(join(tmpdir(), 'turret-bench-'))
  const db = await openClickHouse({ url: `chdb:${dataDir}`, database: 'otel' })
  const server = new URL(db.url)
  const closeDatabase = async (): Promise<void> => {
    await db.close()
    await rm(dataDir, { recursive: true })
  }
  try {
    const endpoint = `http://${server.host}?compress=none`
    const { username, password } = server
    const exporters = {
      clickhouse: { endpoint, username, password: decodeURIComponent(password), database: 'otel', async_insert: false, compress: 'none' },
    }
    const { child, url, dispose } = await startOtelCollector(exporters, batchSpans[profile])
    const serverPid = childrenOf(process.pid).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('embedded'))!
    return {
      name: 'otelcol → clickhouse',
      url,
      pids: [child.pid!, serverPid],
      async stored(spans) {
        for (let waitedMs = 0; waitedMs < maxStoreMs; waitedMs += 250) {
          const [row] = await db.query<{ stored: number }>('SELECT count() AS stored FROM otel.otel_traces')
          if (row!.stored >= spans) return
          await delay(250)
        }
        throw new Error(`the OpenTelemetry Collector did not store ${spans} spans within ${maxStoreMs / 1000} s`)
      },
      async stop() {
        await dispose()
        await closeDatabase()
      },
    }
  } catch (error) {
    await closeDatabase()
    throw error
  }
}

const maxStoreMs = 120_000

interface OtelCollector {
  readonly child: ChildProcess
  readonly url: string
  readonly dispose: () => Promise<void>
}

async function startOtelCollector(exporters: Readonly<Record<string, object>>, batch: number): Promise<OtelCollector> {
  const directory = await mkdtemp(join(tmpdir(), 'turret-bench-otelcol-'))
  const port = await freePort()
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    processors: {
      memory_limiter: { check_interval: '1s', limit_mib: 1024 },
      batch: { timeout: '1s', send_batch_size: batch, send_batch_max_size: 2 * batch },
    },
    exporters,
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: Object.keys(exporters) } },
    },
  }
  await writeFile(join(directory, 'config.yaml'), JSON.stringify(config)) // JSON is YAML
  const child = spawn(executable, ['--config', join(directory, 'config.yaml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  await ready(child)
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    async dispose() {
      if (child.exitCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await ended
      }
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function ready(child: ChildProcess): Promise<void> {
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000)
      if (output.includes('Everything is ready')) resolve()
    })
    child.once('exit', () => reject(new Error(`the OpenTelemetry Collector ended:\n${output}`)))
  })
}
