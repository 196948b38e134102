/** `turret funnel`: how many conversations pass topics in order. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import { readLabels } from './labels.ts'
import { type ReadOptions, clientOf, toFilters, withFilters } from './options.ts'
import { bar, duration, number, percent, table } from './picture.ts'

export function registerFunnel(program: Command): void {
  withFilters(program.command('funnel <topic-id...>').description('conversations that pass two to ten topics in order'))
    .option('--strict', 'each topic must follow the one before at once')
    .action(async (steps: string[], options: ReadOptions & { strict?: boolean }) => {
      const client = clientOf(options)
      const answer = await client.funnel({ ...toFilters(options), steps, strict: String(options.strict ?? false) })
      if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`)
      else {
        const label = await readLabels(client, options.level)
        const rows = answer.steps.map((step, i) => [
          label(step.topic_id),
          number(step.sessions),
          `${bar(step.share)} ${percent(step.share)}`,
          i === 0 ? '' : pc.dim(`after ${duration(step.median_seconds)}`),
        ])
        process.stdout.write(
          `${number(answer.sessions)} sessions\n${table([{ head: 'topic' }, { head: 'sessions', align: 'right' }, { head: 'share' }, { head: '' }], rows)}`,
        )
      }
    })
}
