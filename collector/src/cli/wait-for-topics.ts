/** After sending much at once: waits until the next command would show all of it. */
import { setTimeout as delay } from 'node:timers/promises'
import pc from 'picocolors'
import { ClientError } from '../query/client.ts'
import { type ServerOptions, clientOf } from './options.ts'

const patienceMs = 30_000
const pollMs = 500

/** Waits until everything is stored and has its topic; at most half a minute, then it says so. A key that may not read does not wait. */
export async function waitForTopics(options: ServerOptions): Promise<void> {
  const client = clientOf(options)
  const deadline = Date.now() + patienceMs
  if (process.stderr.isTTY) process.stderr.write('finding topics …\r')
  try {
    while (Date.now() < deadline) {
      const { spool } = (await (await fetch(new URL('/health', options.url))).json()) as { spool: { segments: number } }
      if (spool.segments === 0 && (await client.overview()).pending_events === 0) return
      await delay(pollMs)
    }
    process.stdout.write(`${pc.yellow('wait')}  some messages still wait for their topic: npx turret status\n`)
  } catch (error) {
    if (error instanceof ClientError && error.status === 403) return
    throw error
  }
}
