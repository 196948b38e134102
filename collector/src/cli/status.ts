/** `turret status`: what the collector is doing. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import type { OverviewAnswer } from '../query/contract/segments.ts'
import { type ServerOptions, clientOf, withServer } from './options.ts'
import { duration, number, percent } from './picture.ts'

interface Health {
  readonly status: string
  readonly uptime: string
  readonly spool: { readonly bytes: number; readonly segments: number }
}

export function registerStatus(program: Command): void {
  withServer(program.command('status').description('what the collector is doing'))
    .option('--json', 'print JSON')
    .action(async (options: ServerOptions & { json?: boolean }) => {
      const overview = await clientOf(options).overview()
      const health = (await (await fetch(new URL('/health', options.url))).json()) as Health
      process.stdout.write(options.json ? `${JSON.stringify({ health, overview })}\n` : toText(options.url, health, overview))
    })
}

function toText(url: string, health: Health, overview: OverviewAnswer): string {
  const { total, last_run: run } = overview
  const lastEvent = overview.last_event_at === null ? 'never' : `${duration((Date.now() - Date.parse(overview.last_event_at)) / 1000)} ago`
  const rows: [string, string][] = [
    ['collector', `${url}  ${overview.version}  up ${health.uptime}  ${pc.green(health.status)}`],
    ['project', overview.project],
    [
      'messages',
      `${number(total.events)} of ${number(total.sessions)} sessions and ${number(total.users)} users, the last ${lastEvent}, ${number(overview.events_last_minute)} in the last minute`,
    ],
    [
      'waiting',
      `${number(health.spool.bytes / 1e6)} MB in ${health.spool.segments} segments for the database, ${number(overview.pending_events)} messages for a topic`,
    ],
    [
      'topics',
      `${number(overview.topics)}, ${percent(overview.unclustered / Math.max(1, total.events))} unclustered, embedding ${overview.embedding}${knowledge(overview)}`,
    ],
    ['last run', run === null ? 'none yet' : `${run.at}  over ${number(run.messages)} messages, ${percent(run.churn)} changed their topic`],
    ['sessions', overview.session_sources.map(({ source, events }) => `${source} ${number(events)}`).join('  ') || 'none yet'],
  ]
  return rows.map(([name, text]) => `${pc.dim(name.padEnd(10))} ${text}\n`).join('')
}

/** What is to be known of the embedding beside its name. */
function knowledge({ known_share: known, carry_over: carryOver }: OverviewAnswer): string {
  const share = known === undefined ? '' : `, which knows ${percent(known)} of what users write`
  const progress =
    carryOver === undefined ? '' : `; topics are carried over to it: ${number(carryOver.done)} of ${number(carryOver.total)} texts`
  return share + progress
}
