/**
 * A real collector for the browser tests of a host, filled by `turret demo`: started before the tests, on free ports, with an API key and
 * the configuration that docker-compose.yaml gives it. It must be built: `npm ci && npx tsc -b` at the root.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { TestProject } from 'vitest/node'
import { readCompose, repository } from '../compose.ts'
import type { HostSettings } from '../host/server.ts'

/** Where the collector answers. */
export interface RealCollector extends HostSettings {
  /** Its ClickHouse gateway. */
  readonly sqlUrl: string
}

declare module 'vitest' {
  interface ProvidedContext {
    host: string
    grafanaPackages: string
    collector: RealCollector | undefined
  }
}

const apiKey = 'key-of-the-browser-tests'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'turret-demo-'))
  const { collector: service } = (await readCompose({ TURRET_API_KEY: apiKey })).services
  const env = {
    ...process.env,
    ...service!.environment,
    TURRET_CLICKHOUSE_URL: `chdb:${directory}`,
    TURRET_LISTEN: '127.0.0.1:0',
    TURRET_LISTEN_GRPC: '127.0.0.1:0',
    TURRET_LISTEN_SQL: '127.0.0.1:0',
    TURRET_DATA_DIR: directory,
  }
  const collector = run(service!.command!, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [sqlPort, apiUrl] = await Promise.all([
    find(collector.stderr!, /"port":(\d+),"msg":"ClickHouse gateway started"/),
    find(collector.stdout!, /ready\s+(http\S+)/),
  ])
  const [code] = await once(run(['demo', '--url', apiUrl, '--api-key', apiKey], { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
  if (code !== 0) {
    throw new Error(`turret demo: exit code ${code}`)
  }
  project.provide('collector', { apiUrl, apiKey, sqlUrl: `http://127.0.0.1:${sqlPort}` })
  return async () => {
    collector.kill('SIGTERM')
    await once(collector, 'exit')
    await rm(directory, { recursive: true, force: true })
  }
}

function run(parameters: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(process.execPath, [join(repository, 'collector/bin/turret.js'), ...parameters], { cwd: repository, ...options })
}

/** Waits for a line that holds `pattern`. Later lines go where errors of the tests go. */
async function find(output: Readable, pattern: RegExp): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const found = pattern.exec(line)?.[1]
    if (found !== undefined) {
      output.pipe(process.stderr)
      return found
    }
  }
  throw new Error('the collector did not start; is it built? (npm ci && npx tsc -b at the root)')
}
