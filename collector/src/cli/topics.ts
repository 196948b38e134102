/** `turret topics`: what users talk about. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import type { TopicsAnswer } from '../query/contract/topics.ts'
import { type ReadOptions, clientOf, toFilters, withFilters } from './options.ts'
import { bar, number, percent, plain, sparkline, table } from './picture.ts'

interface TopicsOptions extends ReadOptions {
  readonly limit: string
  readonly search?: string
}

export function registerTopics(program: Command): void {
  withFilters(program.command('topics').description('what users talk about'))
    .option('--limit <n>', 'most topics to show', '30')
    .option('--search <text>', 'only topics whose label or key phrases hold this')
    .action(async (options: TopicsOptions) => {
      const query = { ...toFilters(options), limit: options.limit, ...(options.search !== undefined && { search: options.search }) }
      const answer = await clientOf(options).topics(query)
      process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : toText(answer))
    })
}

function toText({ topics, unclustered, pending, total, other }: TopicsAnswer): string {
  if (total.events === 0) return `No messages yet in this time range. Send some:  npx turret demo   or   npx turret track "How do I …?"\n`
  const highest = Math.max(...topics.map((topic) => topic.share), 0.01)
  const rows = topics.map((topic) => [
    pc.dim(topic.id.slice(0, 8)),
    pc.bold(plain(topic.label, 34)),
    number(topic.events),
    `${bar(topic.share / highest)} ${percent(topic.share)}`,
    number(topic.sessions),
    number(topic.users),
    sparkline(topic.trend),
    percent(topic.drop_off_rate),
    pc.dim(plain(topic.examples[0] ?? '', 44)),
  ])
  const columns = [
    { head: 'id' },
    { head: 'topic' },
    { head: 'messages', align: 'right' },
    { head: 'share' },
    { head: 'sessions', align: 'right' },
    { head: 'users', align: 'right' },
    { head: 'trend' },
    { head: 'drop-off', align: 'right' },
    { head: 'for example' },
  ] as const
  const lines = [topics.length > 0 ? table(columns, rows) : '']
  if (other !== undefined && other.topics > 0)
    lines.push(pc.dim(`${other.topics} more topics with ${number(other.events)} messages (--limit)\n`))
  if (topics.length === 0 && pending.until > 0) lines.push(`${pending.until} more messages until the first topics.\n`)
  else if (topics.length === 0) lines.push('The first topics are being made; look again in a few seconds.\n')
  lines.push(
    `\n${number(total.events)} messages · ${number(total.sessions)} sessions · ${number(total.users)} users · ${number(unclustered.events)} unclustered\n`,
  )
  return lines.join('')
}
