/** After sending much at once: waits until the next command would show all of it. */
import { setTimeout as delay } from 'node:timers/promises'
import { pc } from './colors.ts'
import { ClientError } from '../query/client.ts'
import { type ServerOptions, clientOf } from './options.ts'

const patienceMs = 30_000
const pollMs = 500
const dueAt = 1.4 // events ÷ events of the last run: by then the next one is due
const runPatienceMs = 5_000 // of events without a text no run knows

/** Waits until everything is stored, has its topic, and a run has seen most of it; at most half a minute, then it says so. A key that may not read does not wait. */
export async function waitForTopics(options: ServerOptions): Promise<void> {
  const client = clientOf(options)
  const deadline = Date.now() + patienceMs
  let runDeadline = Date.now() + runPatienceMs
  if (process.stderr.isTTY) process.stderr.write('finding topics …\r')
  try {
    while (Date.now() < deadline) {
      const { spool } = (await (await fetch(new URL('/health', options.url))).json()) as { spool: { segments: number } }
      const { pending_events: pending, total, last_run: run } = await client.overview()
      const isComplete = spool.segments === 0 && pending === 0
      if (isComplete && (run === null || total.events <= dueAt * run.messages || Date.now() > runDeadline)) return
      if (!isComplete) runDeadline = Date.now() + runPatienceMs
      await delay(pollMs)
    }
    process.stdout.write(`${pc.yellow('wait')}  some messages still wait for their topic: npx turret status\n`)
  } catch (error) {
    if (error instanceof ClientError && error.status === 403) return
    throw error
  }
}
