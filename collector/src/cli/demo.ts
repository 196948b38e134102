/** `turret demo`: sends made-up conversations of a support assistant, half as OpenTelemetry spans, half through `/track`. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import { generateConversations } from '../demo/conversations.ts'
import { toOtlpRequest } from '../demo/to-otlp.ts'
import { toTrackBodies } from '../demo/to-track.ts'
import type { DemoSession } from '../demo/types.ts'
import { type ServerOptions, withServer } from './options.ts'
import { createProgress } from './progress.ts'
import { type Target, post } from './send.ts'
import { waitForTopics } from './wait-for-topics.ts'

interface DemoOptions extends ServerOptions {
  readonly sessions: string
  readonly days: string
  readonly seed: string
}

const sessionsPerRequest = 50
const dayMs = 24 * 3600_000
const endsAgoMs = 35 * 60_000 // so that all but the newest conversations have ended

export function registerDemo(program: Command): void {
  withServer(program.command('demo').description('fill the collector with example conversations'))
    .option('--sessions <n>', 'conversations to send', '1500')
    .option('--days <n>', 'days they are spread over', '7')
    .option('--seed <n>', 'the same seed gives the same conversations', '42')
    .action(async (options: DemoOptions) => {
      const sent = await sendDemo(options)
      process.stdout.write(`${pc.green('sent')}  ${sent.events} messages in ${sent.sessions} conversations\n`)
      await waitForTopics(options)
      process.stdout.write(
        `look  ${pc.bold('npx turret topics')}   ${pc.bold('npx turret journeys')}   ${pc.bold('npx turret sessions')}\n`,
      )
    })
}

async function sendDemo(options: DemoOptions): Promise<{ events: number; sessions: number }> {
  const target: Target = { url: options.url, apiKey: options.apiKey }
  const sessions = toNumber(options.sessions, '--sessions')
  const endAt = new Date(Date.now() - endsAgoMs)
  const startAt = new Date(endAt.getTime() - toNumber(options.days, '--days') * dayMs)
  const progress = createProgress(sessions, 'conversations')
  let events = 0
  let batch: DemoSession[] = []
  let isOtlp = true
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    if (isOtlp) await post(target, '/v1/traces', toOtlpRequest(batch))
    else await post(target, '/track', toTrackBodies(batch))
    events += batch.reduce((sum, session) => sum + session.events.length, 0)
    progress.advance(batch.length)
    batch = []
    isOtlp = !isOtlp
  }
  try {
    for (const session of generateConversations({ seed: toNumber(options.seed, '--seed'), sessions, startAt, endAt })) {
      batch.push(session)
      if (batch.length === sessionsPerRequest) await flush()
    }
    await flush()
  } finally {
    progress.stop()
  }
  return { events, sessions }
}

function toNumber(text: string, option: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${option}: expected a whole number from 1, got ${text}`)
  return number
}
