/** `turret keys create|list|revoke`: API keys of a project. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import type { Scope } from '../query/contract/edits.ts'
import { type ServerOptions, clientOf, collect, withServer } from './options.ts'
import { number, table } from './picture.ts'

interface CreateOptions extends ServerOptions {
  readonly project: string
  readonly name: string
  readonly scope: string[]
  readonly quota: string
  readonly kAnonymity: string
  readonly expires?: string
  readonly json?: boolean
}

export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('API keys')
  withServer(keys.command('create').description('make a key; it is shown once'))
    .option('--project <project>', 'project of the key', 'default')
    .option('--name <name>', 'what the key is for', '')
    .option('--scope <scope>', 'ingest, read or admin; may be repeated', collect, [])
    .option('--quota <events>', 'events a month, 0 = no limit', '0')
    .option('--k-anonymity <k>', 'with --scope read: show only what at least so many users share, 2…100; 0 = everything', '0')
    .option('--expires <time>', 'RFC 3339')
    .option('--json', 'print JSON')
    .action(async (options: CreateOptions) => {
      const created = await clientOf(options).createKey({
        project: options.project,
        name: options.name,
        ...(options.scope.length > 0 && { scopes: options.scope as Scope[] }),
        monthly_quota: Number(options.quota),
        k_anonymity: Number(options.kAnonymity),
        ...(options.expires !== undefined && { expires_at: options.expires }),
      })
      if (options.json) process.stdout.write(`${JSON.stringify(created)}\n`)
      else
        process.stdout.write(
          `${pc.bold(created.key)}\n${pc.dim(`project ${created.project}, scopes ${created.scopes.join(', ')}. Keep it now: only its hash is stored.`)}\n`,
        )
    })
  withServer(keys.command('list').description('list the keys of the project'))
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { json?: boolean }) => {
      const answer = await clientOf(options).keys()
      if (options.json) {
        process.stdout.write(`${JSON.stringify(answer)}\n`)
        return
      }
      const columns = [
        { head: 'key' },
        { head: 'name' },
        { head: 'scopes' },
        { head: 'used this month', align: 'right' },
        { head: 'quota', align: 'right' },
        { head: 'k-anonymity', align: 'right' },
        { head: 'state' },
      ] as const
      const rows = answer.keys.map((key) => [
        key.key_id,
        key.name,
        key.scopes.join(', '),
        number(key.used_this_month),
        key.monthly_quota === 0 ? 'none' : number(key.monthly_quota),
        key.k_anonymity === 0 ? 'none' : String(key.k_anonymity),
        key.revoked_at !== null ? pc.red('revoked') : key.expires_at === null ? pc.green('valid') : `until ${key.expires_at.slice(0, 10)}`,
      ])
      process.stdout.write(
        rows.length === 0
          ? 'No keys yet: on loopback everyone may send and read. Make one with: turret keys create\n'
          : table(columns, rows),
      )
    })
  withServer(keys.command('revoke <key-id>').description('revoke a key')).action(async (keyId: string, options: ServerOptions) => {
    await clientOf(options).revokeKey(keyId)
    process.stdout.write(`revoked ${keyId}\n`)
  })
}
