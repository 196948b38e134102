/** Collects what is wrong with a configuration, each fault with its place in the sources. */
import { type ConfigNode, type Origin, type Source, originOf } from './document.ts'
import { ConfigError, type ConfigFault } from './config-error.ts'
import { redactLine } from './secrets.ts'

const maxExcerptLength = 160 // letters; a longer line does not fit a terminal

/** What to tell of a fault besides its message. */
export interface FaultOptions {
  /** The known word that was probably meant. */
  readonly suggestion?: string | undefined
  /** Point at the key instead of its value, and don't show the value: behind a misspelt key it may be a secret. */
  readonly key?: boolean
  /** Where it was written, if that is not the path it is told with. */
  readonly at?: readonly PropertyKey[]
}

/** The faults found so far; one for each load. */
export class FaultCollector {
  private readonly found: { readonly fault: ConfigFault; readonly source: Source }[] = []
  private readonly sources: readonly Source[]

  /** @param sources in the order in which their faults are told */
  constructor(sources: readonly Source[]) {
    this.sources = sources
  }

  get count(): number {
    return this.found.length
  }

  /** Notes a fault at a place that is known. */
  addAt(origin: Origin, path: string, message: string, { suggestion, key = false }: FaultOptions = {}): void {
    const { source, line, column } = origin
    const excerpt = excerptOf(origin, key)
    const fault = { path, message, file: source.file, line, column }
    this.found.push({
      source,
      fault: { ...fault, ...(suggestion === undefined ? {} : { suggestion }), ...(excerpt === undefined ? {} : { excerpt }) },
    })
  }

  /** Notes a fault at a path of the merged tree. */
  add(root: ConfigNode, path: readonly PropertyKey[], message: string, options: FaultOptions = {}): void {
    const origin = originOf(root, options.at ?? path, options)
    this.addAt(origin, path.map(String).join('::'), message, options)
  }

  /** Throws the faults, in the order of the sources and their lines, if there are any. */
  throwIfAny(): void {
    if (this.found.length === 0) return
    const rank = ({ source }: { source: Source }): number => this.sources.indexOf(source)
    const sorted = this.found.sort((a, b) => rank(a) - rank(b) || a.fault.line - b.fault.line || a.fault.column - b.fault.column)
    throw new ConfigError(sorted.map(({ fault }) => fault))
  }
}

/** The line without secrets; undefined where one would have to be hidden before the column. */
function excerptOf({ source, line, column }: Origin, keyOnly: boolean): string | undefined {
  const text = source.text.split('\n')[line - 1]?.trimEnd()
  if (!text) return undefined
  const before = text.slice(0, column - 1)
  const shown = redactLine(keyOnly ? before + withoutValue(text.slice(column - 1)) : text).slice(0, maxExcerptLength)
  return shown.startsWith(before) ? shown : undefined
}

function withoutValue(text: string): string {
  return text.replace(/:\s.*$/, ': …')
}
