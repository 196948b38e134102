/** `turret sessions` and `turret session ID`: conversations, and one of them turn by turn. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import type { SessionAnswer, SessionsAnswer } from '../query/contract/sessions.ts'
import { type LabelOf, readLabels } from './labels.ts'
import { type ReadOptions, type ServerOptions, clientOf, toFilters, withFilters, withServer } from './options.ts'
import { number, percent, plain, table, terminalWidth } from './picture.ts'

interface SessionsOptions extends ReadOptions {
  readonly limit: string
  readonly sort: 'last_activity' | 'turns' | 'topics' | 'errors' | 'tokens' | 'cost'
}

export function registerSessions(program: Command): void {
  withFilters(program.command('sessions').description('conversations, newest first'))
    .option('--limit <n>', 'most sessions to show', '20')
    .option('--sort <key>', 'last_activity, turns, topics, errors, tokens or cost', 'last_activity')
    .action(async (options: SessionsOptions) => {
      const client = clientOf(options)
      const answer = await client.sessions({ ...toFilters(options), limit: options.limit, sort: options.sort })
      process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : listText(answer, await readLabels(client, options.level)))
    })
  withServer(program.command('session <id>').description('one conversation with the topic of each turn'))
    .option('--json', 'print JSON')
    .action(async (id: string, options: ServerOptions & { json?: boolean }) => {
      const client = clientOf(options)
      const answer = await client.session(id)
      process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : sessionText(answer, await readLabels(client, 'topic')))
    })
}

const otherColumns = 60 // characters beside the path: an id of 36, time, turns and what is between

function isActive({ state }: SessionsAnswer['sessions'][number]): boolean {
  return state === 'active'
}

function listText({ sessions, total }: SessionsAnswer, label: LabelOf): string {
  if (sessions.length === 0) return 'No conversations in this time range.\n'
  const rows = sessions.map((session) => [
    session.session_id,
    session.ended_at.slice(5, 16).replace('T', ' ') + (session.state === 'active' ? pc.green(' ●') : ''),
    number(session.turns),
    plain(session.path.map(label).join(' → '), Math.max(20, terminalWidth() - otherColumns)),
  ])
  const columns = [{ head: 'session' }, { head: 'last message' }, { head: 'turns', align: 'right' }, { head: 'path' }] as const
  return `${table(columns, rows)}\n${number(total.sessions)} sessions${sessions.some(isActive) ? `, ${pc.green('●')} active` : ''}\n`
}

function sessionText(session: SessionAnswer, label: LabelOf): string {
  const head = `${pc.bold(session.session_id)}  user ${session.user_id}  ${session.state}  ${session.started_at.slice(0, 16).replace('T', ' ')}\n`
  const path = `${session.path.map(label).join(pc.dim(' → '))}\n\n`
  const turns = session.events.map((event) => {
    const second = event.why.second_topic_id === null ? '' : `, next best ${label(event.why.second_topic_id)}`
    const why = pc.dim(`similarity ${percent(Math.max(0, event.why.similarity))}${second}`)
    const answer = event.answer === '' ? '' : `${' '.repeat(10)}${pc.dim(plain(event.answer, terminalWidth() - 10))}\n`
    const marks = `${event.rephrase ? pc.yellow(' rephrase') : ''}${event.error ? pc.red(' error') : ''}`
    return `${pc.dim(event.timestamp.slice(11, 19))}  ${plain(event.text, terminalWidth() - 10)}\n${answer}${' '.repeat(10)}${pc.cyan(label(event.topic_id))}  ${why}${marks}\n`
  })
  return head + path + turns.join('')
}
