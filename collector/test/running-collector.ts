/** A collector inside the test's process, on a free port and an empty directory, with everything real. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ClickHouse } from '@turret/clickhouse'
import { definitions } from '../src/config/definitions.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { startCollector } from '../src/service.ts'
import type { Logger } from '../src/telemetry.ts'

const shippedConfig = fileURLToPath(new URL('../../otel-config.yaml', import.meta.url))

export interface TestCollector {
  readonly url: string
  /** Of OTLP/gRPC, on 127.0.0.1. */
  readonly grpcPort: number
  readonly db: ClickHouse
  readonly dataDir: string
  /** Log lines so far, as JSON. */
  readonly log: string[]
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }>
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>
  /** Waits until everything acknowledged so far is stored. */
  stored(): Promise<void>
  /** Stops, and keeps the directory for the next start. @param patienceMs default 10 s */
  stop(patienceMs?: number): Promise<void>
  /** Stops and removes the directory. */
  dispose(): Promise<void>
}

/** @param options.config further configuration sources, laid over the shipped otel-config.yaml */
export async function startTestCollector(
  options: { dataDir?: string; config?: readonly string[]; env?: Record<string, string> } = {},
): Promise<TestCollector> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'turret-test-')))
  const env = { TURRET_DATA_DIR: dataDir, TURRET_LISTEN: '127.0.0.1:0', TURRET_LISTEN_GRPC: '127.0.0.1:0', ...options.env }
  const config = await loadConfig([shippedConfig, ...(options.config ?? [])], { definitions, env })
  const log: string[] = []
  const write = (level: string) => (message: string, fields?: object) => void log.push(JSON.stringify({ level, message, ...fields }))
  const logger: Logger = { info: write('info'), warn: write('warn'), error: write('error'), debug: write('debug') }
  const collector = await startCollector(config, { logger })
  const { url } = collector
  let stopped = false
  const stop = async (patienceMs = 10_000): Promise<void> => {
    if (stopped) return
    stopped = true
    await collector.stop(AbortSignal.timeout(patienceMs))
  }
  return {
    url,
    grpcPort: collector.grpcPort ?? 0,
    db: collector.db,
    dataDir,
    log,
    async post(path, body, headers = {}) {
      const isBytes = body instanceof Uint8Array || typeof body === 'string'
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: isBytes ? (body as string) : JSON.stringify(body),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
    },
    async get(path, headers = {}) {
      const response = await fetch(url + path, { headers })
      return { status: response.status, body: JSON.parse(await response.text()) as unknown }
    },
    stored: () => storedAt(url),
    stop,
    async dispose() {
      await stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Waits until a collector's spool is empty. */
export async function storedAt(url: string, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const health = (await (await fetch(`${url}/health`)).json()) as { spool: { segments: number } }
    if (health.spool.segments === 0) return
    if (Date.now() > deadline) throw new Error(`the spool was not stored within ${timeoutMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Tries until the check passes or 20 s are over, and then throws what it threw. */
export async function eventually<T>(check: () => Promise<T>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
