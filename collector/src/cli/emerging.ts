/** `turret emerging`: topics that are new, that come up more than usual, or that fade. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import { readLabels } from './labels.ts'
import { type ReadOptions, clientOf, toFilters, withFilters } from './options.ts'
import { number, table } from './picture.ts'

const colors = { born: pc.cyan, spiking: pc.green, fading: pc.red }

export function registerEmerging(program: Command): void {
  withFilters(program.command('emerging').description('born, spiking and fading topics of the last 24 hours')).action(
    async (options: ReadOptions, command: Command) => {
      const client = clientOf(options)
      // The common default of --from is a month; here the last day is compared with the days before, unless a range is asked for.
      const { from, ...filters } = toFilters(options)
      const answer = await client.emerging({ ...filters, ...(command.getOptionValueSource('from') === 'cli' && { from }) })
      if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`)
      else if (answer.topics.length === 0) process.stdout.write('Nothing out of the ordinary.\n')
      else {
        const label = await readLabels(client, options.level)
        const rows = answer.topics.map((row) => [
          colors[row.kind](row.kind),
          label(row.topic_id),
          number(row.events),
          number(row.expected),
          row.since.slice(0, 16).replace('T', ' '),
        ])
        process.stdout.write(
          table(
            [{ head: '' }, { head: 'topic' }, { head: 'events', align: 'right' }, { head: 'expected', align: 'right' }, { head: 'since' }],
            rows,
          ),
        )
      }
    },
  )
}
