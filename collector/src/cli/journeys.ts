/** `turret journeys`: how conversations flow. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import type { JourneysAnswer } from '../query/contract/journeys.ts'
import { type LabelOf, readLabels } from './labels.ts'
import { type ReadOptions, clientOf, toFilters, withFilters } from './options.ts'
import { bar, duration, heading, number, percent, plain, table, terminalWidth, wrap } from './picture.ts'

interface JourneysOptions extends ReadOptions {
  readonly limit: string
  readonly depth: string
  readonly around?: string
}

export function registerJourneys(program: Command): void {
  withFilters(program.command('journeys').description('how conversations flow'))
    .option('--limit <n>', 'rows per list', '10')
    .option('--depth <n>', 'steps of the flow, 2 to 10', '4')
    .option('--around <topic-id>', 'flow before and after this topic')
    .action(async (options: JourneysOptions) => {
      const client = clientOf(options)
      const { depth, limit, around } = options
      const answer = await client.journeys({ ...toFilters(options), depth, limit, top: '4', ...(around !== undefined && { around }) })
      process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : toText(answer, await readLabels(client, options.level)))
    })
}

const followUpFigures = 44 // characters of the widest table beside its two topics

function toText(answer: JourneysAnswer, label: LabelOf): string {
  if (answer.sessions === 0) return 'No conversations yet in this time range.\n'
  const short = (id: string): string => plain(label(id), Math.max(12, Math.min(40, (terminalWidth() - followUpFigures) >> 1)))
  const visits = new Map(answer.topics.map((topic) => [topic.topic_id, topic.visits]))
  return [
    `${number(answer.sessions)} sessions · ${number(answer.active)} of them active · ${number(answer.steps)} steps · ${number(answer.events)} messages\n`,
    heading('Conversations start with'),
    table(
      [{ head: 'topic' }, { head: 'sessions', align: 'right' }, { head: 'share' }],
      answer.starts.map((start) => [label(start.topic_id), number(start.sessions), `${bar(start.share)} ${percent(start.share)}`]),
    ),
    heading('Common follow-ups'),
    table(
      [
        { head: 'after' },
        { head: '' },
        { head: 'comes' },
        { head: 'times', align: 'right' },
        { head: 'share' },
        { head: 'lift', align: 'right' },
        { head: 'within', align: 'right' },
      ],
      answer.follow_ups.map((row) => [
        short(row.from),
        pc.dim('→'),
        short(row.to),
        number(row.count),
        `${bar(row.share, 8)} ${percent(row.share)}`,
        `${row.lift.toFixed(1)}×`,
        duration(row.median_seconds),
      ]),
    ),
    heading('Back and forth'),
    answer.back_and_forth.length === 0
      ? pc.dim('none\n')
      : table(
          [{ head: 'between' }, { head: '' }, { head: 'and' }, { head: 'sessions', align: 'right' }],
          answer.back_and_forth.map((pair) => [short(pair.a), pc.dim('⇄'), short(pair.b), number(pair.sessions)]),
        ),
    heading('Drop-offs'),
    table(
      [{ head: 'last topic' }, { head: 'sessions', align: 'right' }, { head: 'of its visits' }, { head: 'after an error', align: 'right' }],
      answer.drop_offs.map((row) => [
        label(row.topic_id),
        number(row.sessions),
        `${bar(row.rate)} ${percent(row.rate)} of ${number(visits.get(row.topic_id) ?? 0)}`,
        percent(row.error_rate),
      ]),
    ),
    heading('Flow'),
    flowPicture(answer, label),
  ].join('')
}

/** Each step: how many conversations reach it and end there, and its topics by size, the rest last. */
function flowPicture({ flow }: JourneysAnswer, label: LabelOf): string {
  return flow.steps
    .map(({ step, nodes }) => {
      const total = nodes.reduce((sum, node) => sum + node.sessions, 0)
      const ended = nodes.reduce((sum, node) => sum + node.drop_offs, 0)
      const named = nodes.filter((node) => node.topic_id !== null)
      const parts = [...named, ...nodes.filter((node) => node.topic_id === null)].map((node) => {
        const [name, share] = [label(node.topic_id), percent(node.sessions / Math.max(1, total))]
        return { text: `${name} ${pc.dim(share)}`, width: name.length + 1 + share.length }
      })
      return `${pc.bold(String(step).padStart(3))}  ${number(total)} sessions, ${number(ended)} end here\n${wrap(parts, 5)}`
    })
    .join('')
}
