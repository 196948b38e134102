/** Runs the real OpenTelemetry Collector with a configuration of a test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface OtelCollector {
  /** Where its OTLP/HTTP receiver listens. */
  readonly url: string
  /** What its file exporter wrote, as OTLP/JSON lines; '' when nothing yet. */
  exported(): Promise<string>
  stop(): Promise<void>
}

/** @param exporters YAML of the exporters; `file` writes to a file, and all of them are in the pipelines of traces and logs */
export async function startOtelCollector(executable: string, exporters: Readonly<Record<string, object>>): Promise<OtelCollector> {
  const directory = await mkdtemp(join(tmpdir(), 'turret-otelcol-'))
  const port = await freePort()
  const file = join(directory, 'exported.jsonl')
  const all = { ...exporters, ...('file' in exporters && { file: { path: file, flush_interval: '100ms' } }) }
  const pipeline = { receivers: ['otlp'], exporters: Object.keys(all) }
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: all,
    service: { telemetry: { metrics: { level: 'none' } }, pipelines: { traces: pipeline, logs: pipeline } },
  }
  await writeFile(join(directory, 'config.yaml'), JSON.stringify(config)) // JSON is YAML
  const child = spawn(executable, ['--config', join(directory, 'config.yaml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  await ready(child)
  return {
    url: `http://127.0.0.1:${port}`,
    exported: () => readFile(file, 'utf8').catch(() => ''),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function ready(child: ChildProcess): Promise<void> {
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('Everything is ready')) resolve()
    })
    child.once('exit', () => reject(new Error(`the OpenTelemetry Collector ended:\n${output}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
