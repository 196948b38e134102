/** The command `turret`: the only place that exits the process. */
import { Command } from 'commander'
import { version } from './version.ts'
import { ConfigError, formatConfigError } from './config/config-error.ts'

/** In the order of the help. Only the command asked for is loaded: all of them take half a second. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  collector: async () => (await import('./cli/collector.ts')).registerCollector,
  validate: async () => (await import('./cli/validate.ts')).registerValidate,
  topics: async () => (await import('./cli/topics.ts')).registerTopics,
  journeys: async () => (await import('./cli/journeys.ts')).registerJourneys,
  sessions: async () => (await import('./cli/sessions.ts')).registerSessions,
  segments: async () => (await import('./cli/segments.ts')).registerSegments,
  track: async () => (await import('./cli/track.ts')).registerTrack,
  import: async () => (await import('./cli/import.ts')).registerImport,
  erase: async () => (await import('./cli/erase.ts')).registerErase,
  demo: async () => (await import('./cli/demo.ts')).registerDemo,
  migrate: async () => (await import('./cli/migrate.ts')).registerMigrate,
  status: async () => (await import('./cli/status.ts')).registerStatus,
  keys: async () => (await import('./cli/keys.ts')).registerKeys,
  compare: async () => (await import('./cli/compare.ts')).registerCompare,
  emerging: async () => (await import('./cli/emerging.ts')).registerEmerging,
  export: async () => (await import('./cli/export.ts')).registerExport,
  funnel: async () => (await import('./cli/funnel.ts')).registerFunnel,
  mcp: async () => (await import('./cli/mcp.ts')).registerMcp,
  models: async () => (await import('./cli/models.ts')).registerModels,
}

const program = new Command('turret').description('Topics and journeys of AI applications').version(version).showHelpAfterError()
const asked = process.argv[2] ?? ''
for (const load of Object.hasOwn(commands, asked) ? [commands[asked]!] : Object.values(commands)) (await load())(program)

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
