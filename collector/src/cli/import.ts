/** `turret import FILE`: sends a file of messages, one JSON object a line, through `/track`. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { Command } from 'commander'
import { type ServerOptions, withServer } from './options.ts'
import { createProgress } from './progress.ts'
import { type Target, type TrackBody, post } from './send.ts'
import { waitForTopics } from './wait-for-topics.ts'

interface ImportOptions extends ServerOptions {
  readonly text: string
  readonly session: string
  readonly user: string
  readonly time: string
  readonly name: string
  readonly limit?: string
}

const batchSize = 500
const stepMs = 20_000 // between messages without a time of their own: sessions get an order and an end

export function registerImport(program: Command): void {
  withServer(program.command('import <file>').description('send a .jsonl or .jsonl.gz file of messages'))
    .option('--text <field>', 'field that holds what the user said', 'text')
    .option('--session <field>', 'field that names the conversation', 'session_id')
    .option('--user <field>', 'field that names the user', 'user_id')
    .option('--time <field>', 'field with the time (RFC 3339 or milliseconds)', 'timestamp')
    .option('--name <name>', 'event name', 'message')
    .option('--limit <n>', 'send only the first n lines')
    .action(async (file: string, options: ImportOptions) => {
      const sent = await importFile(file, options)
      process.stdout.write(`sent ${sent.events} events of ${sent.sessions} sessions from ${file}\n`)
      await waitForTopics(options)
    })
}

async function importFile(file: string, options: ImportOptions): Promise<{ events: number; sessions: number }> {
  const target: Target = { url: options.url, apiKey: options.apiKey }
  const { size } = await stat(file)
  const raw = createReadStream(file)
  const progress = createProgress(size, 'bytes')
  raw.on('data', (chunk) => progress.advance(chunk.length))
  const lines = createInterface({ input: file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw, crlfDelay: Infinity })
  const sessions = new Set<string>()
  const limit = Number(options.limit ?? Infinity)
  // Without times of its own, a file's messages end half an hour ago at the latest: its sessions are over.
  const startAt = Date.now() - 7 * 24 * 3600_000
  let batch: TrackBody[] = []
  let events = 0
  let line = 0
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await post(target, '/track', batch)
    batch = []
  }
  try {
    for await (const text of lines) {
      line++
      if (text.trim() === '') continue
      if (events >= limit) break
      const body = toBody(text, line, options, startAt + (line * stepMs) / 20)
      if (body.session_id !== undefined) sessions.add(body.session_id)
      batch.push(body)
      events++
      if (batch.length === batchSize) await flush()
    }
    await flush()
  } finally {
    progress.stop()
    raw.destroy()
  }
  return { events, sessions: sessions.size }
}

function toBody(text: string, line: number, options: ImportOptions, timeMs: number): TrackBody {
  let row: Record<string, unknown>
  try {
    row = JSON.parse(text) as Record<string, unknown>
  } catch {
    throw new Error(`line ${line} is not a JSON object`)
  }
  const message = row[options.text]
  if (typeof message !== 'string' || message.trim() === '') {
    throw new Error(
      `line ${line} has no text in the field "${options.text}"; name the right one with --text (fields: ${Object.keys(row).join(', ')})`,
    )
  }
  const { [options.text]: _text, [options.session]: session, [options.user]: user, [options.time]: time, ...rest } = row
  const sessionId = toId(session)
  return {
    name: options.name,
    metadata: { prompt: message, ...rest },
    ...(sessionId !== undefined && { session_id: sessionId }),
    user_id: toId(user) ?? sessionId ?? `line-${line}`, // one conversation is one person when the file does not say
    timestamp: typeof time === 'string' ? time : new Date(typeof time === 'number' ? time : timeMs).toISOString(),
  }
}

function toId(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
