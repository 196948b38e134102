/** `turret validate`, `components` and `print-config`: look at a configuration without running it. */
import type { Command } from 'commander'
import { describeComponents, printConfig } from '../config/print-config.ts'
import { definitions } from '../config/definitions.ts'
import { loadConfig } from '../config/load-config.ts'
import { readSettings } from '../settings.ts'
import { collect } from './options.ts'

interface ConfigOptions {
  readonly config: string[]
  readonly set: string[]
}

export function registerValidate(program: Command): void {
  withConfig(program.command('validate').description('check a configuration; silent when it is right')).action(
    async (options: ConfigOptions) => {
      const config = await load(options)
      for (const warning of config.warnings) process.stderr.write(`warning: ${warning}\n`)
      readSettings(config)
    },
  )
  withConfig(program.command('print-config').description('print the merged and expanded configuration, secrets hidden')).action(
    async (options: ConfigOptions) => {
      process.stdout.write(printConfig(await load(options)))
    },
  )
  program
    .command('components')
    .description('list the components of this collector')
    .action(() => void process.stdout.write(describeComponents(definitions)))
}

function withConfig(command: Command): Command {
  return command
    .requiredOption('--config <uri>', 'a file, yaml:key::key: value, or env:NAME; may be given several times', collect, [])
    .option('--set <path=value>', 'override one key', collect, [])
}

function load({ config, set }: ConfigOptions): ReturnType<typeof loadConfig> {
  return loadConfig(config, { definitions, env: process.env, set })
}
