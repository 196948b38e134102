/** What OpenTelemetry's diag logger was told. */
import { diag, DiagLogLevel } from '@opentelemetry/api'

/** Collects warnings and errors until `diag.disable()`. */
export function collectDiagLines(): string[] {
  const lines: string[] = []
  const collect = (...words: unknown[]): void => void lines.push(words.join(' '))
  const ignore = (): void => {}
  const logger = { error: collect, warn: collect, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  return lines
}
