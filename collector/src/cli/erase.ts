/** `turret erase`: erases a user or a session everywhere, and prints the receipt. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import { createClient } from '../query/client.ts'
import { type ServerOptions, withServer } from './options.ts'

interface EraseOptions extends ServerOptions {
  readonly user?: string
  readonly session?: string
  readonly json?: boolean
}

export function registerErase(program: Command): void {
  withServer(program.command('erase').description('erase a user or a session everywhere; there is no way back'))
    .option('--user <id>', 'whose events, spans, logs and examples to erase')
    .option('--session <id>', 'which conversation to erase')
    .option('--json', 'print the receipt as JSON')
    .action(async ({ url, apiKey, user, session, json }: EraseOptions) => {
      if ((user === undefined) === (session === undefined)) throw new Error('erase: name either --user or --session')
      const client = createClient({ url, apiKey })
      const receipt = user === undefined ? await client.eraseSession(session!) : await client.eraseUser(user)
      process.stdout.write(json ? `${JSON.stringify(receipt)}\n` : toText(receipt))
    })
}

function toText({
  erased_at: erasedAt,
  success: _success,
  ...counts
}: { erased_at: string; success: true } & Record<string, unknown>): string {
  const lines = Object.entries(counts).map(([what, count]) => `  ${what.replaceAll('_', ' ').padEnd(14)}${String(count).padStart(8)}`)
  return `${pc.green('erased')}  ${erasedAt}\n${lines.join('\n')}\n`
}
