/** The command `turret`: the only place that exits the process. */
import { Command } from 'commander'
import { registerCollector } from './cli/collector.ts'
import { registerCompare } from './cli/compare.ts'
import { registerDemo } from './cli/demo.ts'
import { registerEmerging } from './cli/emerging.ts'
import { registerErase } from './cli/erase.ts'
import { registerExport } from './cli/export.ts'
import { registerFunnel } from './cli/funnel.ts'
import { registerImport } from './cli/import.ts'
import { registerJourneys } from './cli/journeys.ts'
import { registerKeys } from './cli/keys.ts'
import { registerMcp } from './cli/mcp.ts'
import { registerMigrate } from './cli/migrate.ts'
import { registerModels } from './cli/models.ts'
import { registerSegments } from './cli/segments.ts'
import { registerSessions } from './cli/sessions.ts'
import { registerStatus } from './cli/status.ts'
import { registerTopics } from './cli/topics.ts'
import { registerTrack } from './cli/track.ts'
import { registerValidate } from './cli/validate.ts'
import { version } from './version.ts'
import { ConfigError, formatConfigError } from './config/config-error.ts'

const program = new Command('turret').description('Topics and journeys of AI applications').version(version).showHelpAfterError()
for (const register of [
  registerCollector,
  registerValidate,
  registerTopics,
  registerJourneys,
  registerSessions,
  registerSegments,
  registerTrack,
  registerImport,
  registerErase,
  registerDemo,
  registerMigrate,
  registerStatus,
  registerKeys,
  registerCompare,
  registerEmerging,
  registerExport,
  registerFunnel,
  registerMcp,
  registerModels,
])
  register(program)

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
