/** `turret compare`: two filters or periods side by side. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import type { CompareAnswer } from '../query/contract/segments.ts'
import { type LabelOf, readLabels } from './labels.ts'
import { type ReadOptions, clientOf, collect, toFilters, withFilters } from './options.ts'
import { heading, number, percent, plain, table, terminalWidth } from './picture.ts'

interface CompareOptions extends ReadOptions {
  readonly a: string[]
  readonly b: string[]
  readonly limit: string
}

type Difference = CompareAnswer['topics'][number] | CompareAnswer['transitions'][number]

export function registerCompare(program: Command): void {
  withFilters(program.command('compare').description('two filters or periods side by side: --a plan=free --b plan=pro'))
    .option('--a <field=value,…>', 'one side: a segment, or from=… and to=…; may be repeated', collect, [])
    .option('--b <field=value,…>', 'the other side', collect, [])
    .option('--limit <n>', 'rows per list', '15')
    .action(async (options: CompareOptions) => {
      const client = clientOf(options)
      const { level } = options
      const answer = await client.compare({ level, limit: options.limit, a: toSide(options, options.a), b: toSide(options, options.b) })
      process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : toText(answer, await readLabels(client, level)))
    })
}

/** The common filters and, on top of them, what is said of this side. */
function toSide(options: ReadOptions, given: readonly string[]): ReturnType<typeof toFilters> {
  if (given.length === 0) throw new Error('compare needs both --a and --b, such as --a plan=free --b plan=pro')
  const time = (name: 'from' | 'to'): string | undefined => given.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1)
  const segments = given.filter((text) => !/^(from|to)=/.test(text))
  const [from, to] = [time('from') ?? options.from, time('to') ?? options.to]
  const { level: _, ...filters } = toFilters({
    ...options,
    from,
    segment: [...options.segment, ...segments],
    ...(to !== undefined && { to }),
  })
  return filters as ReturnType<typeof toFilters>
}

const figures = 42 // characters beside the names

function toText(answer: CompareAnswer, label: LabelOf): string {
  const names = Math.max(20, terminalWidth() - figures)
  const sides = `a: ${number(answer.a.sessions)} sessions · b: ${number(answer.b.sessions)} sessions\n`
  const list = <Row extends Difference>(title: string, rows: readonly Row[], name: (row: Row) => string): string =>
    heading(title) +
    (rows.length === 0
      ? pc.dim('nothing to compare\n')
      : table(
          [
            { head: '' },
            { head: 'a', align: 'right' },
            { head: 'b', align: 'right' },
            { head: 'difference', align: 'right' },
            { head: '95 %' },
          ],
          rows.map((row) => [
            name(row),
            percent(row.share_a),
            percent(row.share_b),
            difference(row),
            pc.dim(`${points(row.low)} … ${points(row.high)}`),
          ]),
        ))
  return [
    sides,
    list('Sessions that visit', answer.topics, (row) => plain(label(row.topic_id), names)),
    list('Sessions that go from … to', answer.transitions, (row) => plain(`${label(row.from)} → ${label(row.to)}`, names)),
    list('Drop-offs, of the sessions that visit', answer.drop_offs, (row) => plain(label(row.topic_id), names)),
    pc.dim('\nDifferences in percentage points; * is more than chance, at a false-discovery rate of 5 %.\n'),
  ].join('')
}

function difference(row: Difference): string {
  if (!row.significant) return pc.dim(`${points(row.difference)}  `)
  const text = `${points(row.difference)} *`
  return row.difference > 0 ? pc.green(text) : pc.red(text)
}

function points(share: number): string {
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`
}
