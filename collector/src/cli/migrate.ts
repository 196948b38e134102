/** `turret migrate`: brings the tables up to date, and moves a database to another ClickHouse. */
import { copyDatabase, openClickHouse } from '@turret/clickhouse'
import type { Command } from 'commander'
import { pc } from './colors.ts'
import { definitions } from '../config/definitions.ts'
import { loadConfig } from '../config/load-config.ts'
import { migrateConfigured, openConfigured } from '../open-database.ts'
import { readSettings } from '../settings.ts'
import { collect } from './options.ts'

interface MigrateOptions {
  readonly config: string[]
  readonly set: string[]
  readonly copyFrom?: string
}

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('create or update the tables in ClickHouse, as the collector does at its start')
    .requiredOption('--config <uri>', 'configuration, as for turret collector', collect, [])
    .option('--set <path=value>', 'override one key', collect, [])
    .option('--copy-from <url>', 'then copy everything from another ClickHouse, such as chdb:./data; its collector must not run')
    .action(async ({ config: sources, set, copyFrom }: MigrateOptions) => {
      const { clickhouse } = readSettings(await loadConfig(sources, { definitions, env: process.env, set }))
      const db = await openConfigured(clickhouse)
      try {
        const applied = await migrateConfigured(db, clickhouse)
        for (const name of applied) process.stdout.write(`${pc.green('applied')}  ${name}\n`)
        if (applied.length === 0) process.stdout.write('the tables are up to date\n')
        if (copyFrom === undefined) return
        const from = await openClickHouse({ url: copyFrom })
        try {
          await migrateConfigured(from, { ...clickhouse, clusterName: '' })
          await copyDatabase(from, db, ({ table, rows }) =>
            process.stdout.write(`${pc.green('copied')}  ${table.padEnd(20)}${String(rows).padStart(12)}\n`),
          )
        } finally {
          await from.close()
        }
      } finally {
        await db.close()
      }
    })
}
