/**
 * With TURRET_REAL=1 the browser looks at a real collector, filled by `turret demo`: started before the tests, on free ports, with an API
 * key and the configuration that docker-compose.yaml gives it. The collector must be built: `npm ci && npx tsc -b` at the root.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parse } from 'yaml'
import type { TestProject } from 'vitest/node'

const root = resolve(import.meta.dirname, '../../..')
const turret = join(root, 'collector/bin/turret.js')
const apiKey = 'key-of-the-browser-tests'

declare module 'vitest' {
  interface ProvidedContext {
    collector: { url: string; apiKey: string } | undefined
  }
}

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const known = process.env['TURRET_URL']
  if (known !== undefined) {
    project.provide('collector', { url: known, apiKey: process.env['TURRET_API_KEY'] ?? '' })
    return undefined
  }
  if (process.env['TURRET_REAL'] === undefined) {
    project.provide('collector', undefined)
    return undefined
  }
  const directory = await mkdtemp(join(tmpdir(), 'turret-demo-'))
  const { services } = parse(await readFile(join(root, 'docker-compose.yaml'), 'utf8'))
  const collector = run(['collector', ...services.collector.command.slice(1)], {
    TURRET_API_KEY: apiKey,
    TURRET_CONFIG: services.collector.environment.TURRET_CONFIG.replaceAll('$$', '$'),
    TURRET_LISTEN: '127.0.0.1:0',
    TURRET_LISTEN_GRPC: '127.0.0.1:0',
    TURRET_DATA_DIR: directory,
  })
  const url = await readUrl(collector)
  const [code] = await once(run(['demo', '--url', url, '--api-key', apiKey], {}), 'exit')
  if (code !== 0) {
    throw new Error(`turret demo: exit code ${code}`)
  }
  console.log(`real collector: ${url}, filled by turret demo`)
  project.provide('collector', { url, apiKey })
  return async () => {
    collector.kill('SIGTERM')
    await once(collector, 'exit')
    await rm(directory, { recursive: true, force: true })
  }
}

function run(parameters: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [turret, ...parameters], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** The collector greets with its address once it is ready. */
async function readUrl(collector: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: collector.stdout! })) {
    const url = /ready\s+(http\S+)/.exec(line)?.[1]
    if (url !== undefined) {
      collector.stdout?.resume()
      return url
    }
  }
  throw new Error(`the collector did not start; is it built? (npm ci && npx tsc -b at the root)`)
}
