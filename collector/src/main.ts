/** The command `turret`: the only place that exits the process. */
import { Command } from 'commander'
import { registerCollector } from './cli/collector.ts'
import { registerDemo } from './cli/demo.ts'
import { registerImport } from './cli/import.ts'
import { registerTrack } from './cli/track.ts'
import { registerValidate } from './cli/validate.ts'
import { version } from './version.ts'
import { ConfigError, formatConfigError } from './config/config-error.ts'

const program = new Command('turret').description('Topics and journeys of AI applications').version(version).showHelpAfterError()
for (const register of [registerCollector, registerValidate, registerTrack, registerImport, registerDemo]) register(program)

try {
  await program.parseAsync()
  process.exit()
} catch (error) {
  const text =
    error instanceof ConfigError
      ? formatConfigError(error, { color: process.stderr.isTTY })
      : `error: ${error instanceof Error ? error.message : String(error)}`
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
