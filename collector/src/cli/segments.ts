/** `turret segments`: which metadata can be filtered by, and its values. */
import { Argument, type Command } from 'commander'
import { pc } from './colors.ts'
import type { Field, SegmentsAnswer } from '../query/contract/segments.ts'
import { type ReadOptions, type ServerOptions, clientOf, toFilters, withFilters } from './options.ts'
import { number, plain, table } from './picture.ts'

type FieldKind = Field['kind']

export function registerSegments(program: Command): void {
  const segments = withFilters(program.command('segments').description('metadata fields, their kinds and values'))
  segments.action(async (options: ReadOptions) => {
    const { level: _level, ...filters } = toFilters(options)
    const answer = await clientOf(options).segments({ ...filters, limit: '8' })
    process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : toText(answer))
  })
  segments
    .command('set')
    .description('say what a field is, against the rules; `auto` leaves it to them again')
    .argument('<field>', 'the metadata key')
    .addArgument(new Argument('<kind>', 'what it is').choices(['text', 'enum', 'number', 'auto']))
    .action(async (field: string, kind: FieldKind | 'auto', _options: object, command: Command) => {
      const client = clientOf(command.optsWithGlobals<ServerOptions>())
      const now = await client.overrideField(field, { kind: kind === 'auto' ? null : kind })
      process.stdout.write(`${plain(field)} is ${now.kind}${now.override === null ? '' : ', set by you'}\n`)
    })
}

function toText({ fields }: SegmentsAnswer): string {
  if (fields.length === 0) return 'No metadata fields yet: they are classified after the first events.\n'
  const rows = fields.map((field) => [
    pc.bold(field.field),
    field.kind + (field.override === null ? '' : pc.dim(' (set by you)')),
    number(field.events),
    field.range === undefined
      ? field.values.map(({ value, events }) => `${plain(value, 20)} ${pc.dim(number(events))}`).join('  ') +
        (field.other === undefined || field.other.values === 0 ? '' : pc.dim(`  and ${field.other.values} more`))
      : `${number(field.range.min)} … ${number(field.range.max)}, mean ${number(field.range.mean)}`,
  ])
  return table([{ head: 'field' }, { head: 'kind' }, { head: 'events', align: 'right' }, { head: 'values' }], rows)
}
