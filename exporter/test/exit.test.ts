import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { closedUrl, type OtlpServer, startOtlpServer } from './otlp-server.ts'

const packageUrl = new URL('../dist/index.js', import.meta.url).href
let server: OtlpServer

beforeEach(async () => {
  server = await startOtlpServer()
})

afterEach(() => server.close())

interface Ended {
  code: number | null
  output: string
  elapsedMs: number
}

/** Runs a module that has `turret`, the built package, in a Node process of its own. */
async function runScript(body: string, url = server.url): Promise<Ended> {
  const script = `import * as turret from ${JSON.stringify(packageUrl)}\n${body}`
  const startedMs = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { env: { ...process.env, TURRET_URL: url } })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output: Buffer.concat(chunks).toString(), elapsedMs: performance.now() - startedMs }
}

describe('a short script', () => {
  it('loses nothing when it ends by itself', async () => {
    const ended = await runScript(`turret.init(); turret.track({ name: 'chat', metadata: { prompt: 'hello' } })`)

    expect(ended).toMatchObject({ code: 0, output: '' })
    expect(server.spans).toHaveLength(1)
  })

  it('loses nothing when it calls shutdown() and then process.exit()', async () => {
    const ended = await runScript(
      `turret.init(); turret.track({ name: 'chat', metadata: { prompt: 'hello' } }); await turret.shutdown(); process.exit(3)`,
    )

    expect(ended).toMatchObject({ code: 3, output: '' })
    expect(server.spans).toHaveLength(1)
  })

  it('is not held up when it has nothing to send', async () => {
    const ended = await runScript(`turret.init({ flushIntervalMs: 60000, timeoutMs: 60000 })`)

    expect(ended.code).toBe(0)
    expect(ended.elapsedMs).toBeLessThan(15_000)
    expect(server.requests).toHaveLength(0)
  })

  it('ends although nobody answers', async () => {
    const ended = await runScript(
      `turret.init({ timeoutMs: 500 }); turret.track({ name: 'chat', metadata: { prompt: 'hello' } })`,
      await closedUrl(),
    )

    expect(ended).toMatchObject({ code: 0, output: '' })
  })

  it('sends nothing at exit when told not to', async () => {
    await runScript(`turret.init({ flushAtExit: false }); turret.track({ name: 'chat', metadata: { prompt: 'hello' } })`)

    expect(server.requests).toHaveLength(0)
  })
})
