/** Everything that is wrong with a configuration, at once, and its telling to a person. */
import { createColors } from 'picocolors'

/** One thing that is wrong, and where. */
export interface ConfigFault {
  /** From the top of the configuration: `receivers::otlp::protocols::http`; empty for the whole of it. */
  readonly path: string
  readonly message: string
  /** The file, or `yaml:`, `env:NAME` or `--set=…` for the other sources; empty where no source is to blame. */
  readonly file: string
  /** 1-based; 0 where there is no place. */
  readonly line: number
  /** 1-based; 0 where there is no place. */
  readonly column: number
  /** The known word that was probably meant. */
  readonly suggestion?: string
  /** The line of the source, with secrets hidden. */
  readonly excerpt?: string
}

/** Thrown with all faults of a configuration, in the order of the sources. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'CONFIG_INVALID'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map((fault) => describeFault(fault)).join('\n'))
    this.faults = faults
  }
}

/** Tells a person what is wrong: the path and the fault, the place, the line with a caret, and what may have been meant. */
export function formatConfigError(error: ConfigError, options: { color?: boolean } = {}): string {
  const colors = createColors(options.color ?? false)
  const paragraphs = error.faults.map((fault) => {
    const lines = [colors.bold(colors.red(describeFault(fault)))]
    if (fault.line > 0) lines.push(colors.dim(`  ${fault.file}:${fault.line}:${fault.column}`))
    else if (fault.file) lines.push(colors.dim(`  ${fault.file}`))
    if (fault.excerpt !== undefined) {
      const number = String(fault.line).padStart(5)
      lines.push(`${colors.dim(`${number} |`)} ${fault.excerpt}`, `${colors.dim(`${' '.repeat(5)} |`)} ${caret(fault)}`)
    }
    if (fault.suggestion !== undefined) lines.push(`  did you mean ${colors.bold(`"${fault.suggestion}"`)}?`)
    return lines.join('\n')
  })
  const count = error.faults.length === 1 ? '1 fault' : `${error.faults.length} faults`
  return `${paragraphs.join('\n\n')}\n\n${count} in the configuration`
}

function describeFault({ path, message }: ConfigFault): string {
  return path === '' ? message : `${path}: ${message}`
}

function caret(fault: ConfigFault): string {
  const before = (fault.excerpt ?? '').slice(0, fault.column - 1).replaceAll(/[^\t]/g, ' ')
  return `${before}^`
}
