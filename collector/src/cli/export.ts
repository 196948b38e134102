/** `turret export`: events, sessions or topics as NDJSON or CSV on stdout, to the end of the list. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Argument, type Command, Option } from 'commander'
import { streamList } from '../query/client.ts'
import { type ReadOptions, toFilters, withFilters } from './options.ts'

interface ExportOptions extends ReadOptions {
  readonly format: keyof typeof types
}

const types = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const
const pageSize = 5000

export function registerExport(program: Command): void {
  withFilters(program.command('export').description('events, sessions or topics to a file: turret export events > events.ndjson'))
    .addArgument(new Argument('<list>', 'what to export').choices(['events', 'sessions', 'topics']))
    .addOption(new Option('--format <format>', 'form of the rows').choices(Object.keys(types)).default('ndjson'))
    .action(async (list: 'events' | 'sessions' | 'topics', options: ExportOptions) => {
      const { url, apiKey, format } = options
      const pages = streamList({ url, apiKey }, list, { ...toFilters(options), limit: pageSize }, types[format])
      await pipeline(Readable.from(pages), process.stdout, { end: false })
    })
}
