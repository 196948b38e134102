/** Starts the real command as its own process, for benchmarks and tests that kill it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const startTimeoutMs = 90_000 // on a machine that other work keeps busy
const root = fileURLToPath(new URL('../../', import.meta.url))
const command = fileURLToPath(new URL('../bin/turret.js', import.meta.url))

export interface CollectorProcess {
  readonly process: ChildProcess
  readonly url: string
  /** From spawn to the first answer of /health. */
  readonly readyMs: number
}

/** @param options.config further `--config` values, laid over the shipped otel-config.yaml */
export async function startCollectorProcess(options: {
  dataDir: string
  port: number
  config?: readonly string[]
  env?: Record<string, string>
}): Promise<CollectorProcess> {
  const url = `http://127.0.0.1:${options.port}`
  const startedAt = performance.now()
  const configs = ['otel-config.yaml', ...(options.config ?? [])].flatMap((config) => ['--config', config])
  const child = spawn(command, ['collector', ...configs], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      TURRET_DATA_DIR: options.dataDir,
      TURRET_LISTEN: `127.0.0.1:${options.port}`,
      TURRET_LISTEN_GRPC: '127.0.0.1:0',
      ...options.env,
    },
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)))
  while (performance.now() - startedAt < startTimeoutMs) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the collector ended: ${stderr}`)
    try {
      if ((await fetch(`${url}/health`)).ok) return { process: child, url, readyMs: performance.now() - startedAt }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  child.kill('SIGKILL')
  throw new Error(`the collector was not ready within ${startTimeoutMs / 1000} s: ${stderr}`)
}

export async function stopCollectorProcess({ process: child }: CollectorProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

/** CPU seconds and resident bytes of a process and its children, from /proc (Linux). */
export function readUsage(pid: number): { cpuSeconds: number; residentBytes: number } {
  let cpuSeconds = 0
  let residentBytes = 0
  for (const id of [pid, ...childrenOf(pid)]) {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    cpuSeconds += (Number(fields[11]) + Number(fields[12])) / 100 // clock ticks of 10 ms
    residentBytes += Number(fields[21]) * 4096
  }
  return { cpuSeconds, residentBytes }
}

/** Process ids of a process's children. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(readFileSync(`/proc/${id}/status`, 'utf8'))
      } catch {
        return false // it ended while we looked
      }
    })
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
