/** `turret collector`: runs the collector until it is told to stop. */
import type { Command } from 'commander'
import { pc } from './colors.ts'
import { loadConfig } from '../config/load-config.ts'
import { definitions } from '../config/definitions.ts'
import { startCollector } from '../service.ts'
import { createLogger } from '../telemetry.ts'
import { version } from '../version.ts'
import { collect } from './options.ts'

const stopTimeoutMs = 15_000

export function registerCollector(program: Command): void {
  program
    .command('collector', { isDefault: false })
    .description('run the collector')
    .requiredOption('--config <uri>', 'configuration: a file, yaml:key::key: value, or env:NAME; may be given several times', collect, [])
    .option('--set <path=value>', 'override one key, such as processors.batch.timeout=2s', collect, [])
    .action(async (options: { config: string[]; set: string[] }) => {
      const config = await loadConfig(options.config, { definitions, env: process.env, set: options.set })
      const logger = createLogger(config.service.telemetry.logs.level)
      for (const warning of config.warnings) logger.warn(warning)
      const collector = await startCollector(config, { logger })
      process.stdout.write(welcome(collector.url, collector.isOpen))
      await new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
      })
      logger.info('collector stops')
      await collector.stop(AbortSignal.timeout(stopTimeoutMs))
      logger.info('collector stopped')
    })
}

/** What a person sees who has just started it. */
function welcome(url: string, isOpen: boolean): string {
  const lines = [
    '',
    `  ${pc.bold('Turret')} ${version}  ${pc.green('ready')}  ${pc.cyan(url)}`,
    '',
    `  send    curl ${url}/track -H 'content-type: application/json' \\`,
    `            -d '{"name":"chat","metadata":{"prompt":"How do I reset my password?"}}'`,
    `          or any OpenTelemetry SDK:  OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
    `  look    npx turret demo    ${pc.dim('fills it with example conversations')}`,
    `          npx turret topics   npx turret journeys   npx turret sessions`,
    '',
  ]
  if (isOpen) {
    lines.push(
      `  ${pc.yellow('No API key exists: everyone on this machine may send and read (project "default").')}`,
      `  ${pc.yellow('Close it with:')} npx turret keys create --project default`,
      '',
    )
  }
  return `${lines.join('\n')}\n`
}
