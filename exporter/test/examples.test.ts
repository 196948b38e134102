import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type OtlpServer, startOtlpServer } from './otlp-server.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const sessionId = '0f8fad5b-d9cb-469f-a165-70867728950e'
const userId = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Tracked {
  apiKey: string | undefined
  event: { name: string; metadata: { prompt: string }; session_id?: string; user_id?: string }
}

/** Answers `POST /track` as the collector does. */
async function startTrackServer(): Promise<{ url: string; tracked: Tracked[] }> {
  const tracked: Tracked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as Tracked['event']
      tracked.push({ apiKey: request.headers['x-api-key']?.toString(), event })
      const status = request.url === '/track' && request.method === 'POST' ? 200 : 404
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ success: true, event_id: `00000000000000a${tracked.length}`, session_id: sessionId, user_id: userId }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tracked }
}

async function run(command: string, args: string[], url: string, input = ''): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, { env: { ...process.env, TURRET_URL: url, TURRET_API_KEY: 'key-1' } })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output: Buffer.concat(chunks).toString() }
}

function isInstalled(command: string): boolean {
  const installed = spawnSync(command, ['--version']).status === 0
  if (!installed) process.stdout.write(`skipped: the example that needs ${command}, which is not installed\n`)
  return installed
}

describe('the examples', () => {
  it('javascript: a chat makes one session for each conversation', async () => {
    const server: OtlpServer = await startOtlpServer()
    closing.push(() => server.close())

    const { code } = await run(
      process.execPath,
      [`${examples}/javascript/chat.mjs`],
      server.url,
      'Where is it?\nAnd now?\n\nSomething else\n',
    )

    expect(code).toBe(0)
    expect(server.spans.map(({ attributes }) => attributes['turret.metadata.prompt'])).toEqual([
      'Where is it?',
      'And now?',
      'Something else',
    ])
    const [first, second, third] = server.spans.map(({ traceId }) => traceId)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
    expect(new Set(server.spans.map(({ attributes }) => attributes['user.id'])).size).toBe(1)
  })

  it.runIf(isInstalled('python3'))('python: later messages carry the ids of the first answer', async () => {
    const { url, tracked } = await startTrackServer()

    const { code, output } = await run('python3', [`${examples}/python/track.py`], url)

    expect(code).toBe(0)
    expect(output).toContain(`session ${sessionId} of user ${userId}`)
    expect(tracked).toHaveLength(3)
    expect(tracked[0]).toMatchObject({ apiKey: 'key-1', event: { name: 'chat_message' } })
    expect(tracked.map(({ event }) => event.session_id)).toEqual([undefined, sessionId, sessionId])
  })

  it.runIf(isInstalled('curl'))('curl: the second message carries the ids of the first answer', async () => {
    const { url, tracked } = await startTrackServer()

    const { code, output } = await run('sh', [`${examples}/curl/track.sh`], url)

    expect(code).toBe(0)
    expect(output).toContain('"success":true')
    expect(tracked).toHaveLength(2)
    expect(tracked[1]).toMatchObject({ apiKey: 'key-1', event: { name: 'chat_message', session_id: sessionId, user_id: userId } })
  })
})
