/** `turret track TEXT`: sends one event, for a first try and for scripts. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import { type ServerOptions, collect, withServer } from './options.ts'
import { post } from './send.ts'

interface TrackOptions extends ServerOptions {
  readonly name: string
  readonly session?: string
  readonly user?: string
  readonly meta: string[]
  readonly json?: boolean
}

export function registerTrack(program: Command): void {
  withServer(program.command('track <text>').description('send one message of a user'))
    .option('--name <name>', 'event name', 'message')
    .option('--session <id>', 'conversation to add to; absent: a new one')
    .option('--user <id>', 'who said it')
    .option('--meta <key=value>', 'more metadata; may be given several times', collect, [])
    .option('--json', 'print the answer as JSON')
    .action(async (text: string, options: TrackOptions) => {
      const metadata = Object.fromEntries(options.meta.map(toPair))
      const body = { name: options.name, metadata: { prompt: text, ...metadata }, session_id: options.session, user_id: options.user }
      const answer = await post<Record<string, string>>({ url: options.url, apiKey: options.apiKey }, '/track', body)
      if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`)
      else
        process.stdout.write(
          `${pc.green('sent')}  event ${answer['event_id']}  session ${answer['session_id']}  user ${answer['user_id']}\n`,
        )
    })
}

function toPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`--meta: expected key=value, got ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}
