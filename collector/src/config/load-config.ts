/** Loads otel-config.yaml: reads the sources, merges and expands them, checks everything, and reports all faults at once. */
import { type CollectorConfig, type ConfiguredComponents } from './collector-config.ts'
import { checkReferences } from './check-references.ts'
import { type ComponentDefinition, componentKinds } from './component.ts'
import { ConfigError } from './config-error.ts'
import { type ConfigNode, type MapNode, type Origin, type Source, isNothing, mergeMaps, parseYaml, toPlain } from './document.ts'
import { type Environment, expand } from './expand.ts'
import { FaultCollector } from './faults.ts'
import { fieldsOf } from './fields.ts'
import { type NamedComponents, readComponents } from './read-components.ts'
import { readService } from './read-service.ts'
import { redactSecrets } from './secrets.ts'
import { readSetFlag, readSource } from './sources.ts'
import { suggest } from './suggest.ts'

export interface LoadOptions {
  readonly definitions: readonly ComponentDefinition<unknown>[]
  readonly env: Environment
  /** `--set` flags, such as `processors.batch.timeout=2s`; they win over every source. */
  readonly set?: readonly string[]
}

/**
 * Loads a configuration in the OpenTelemetry Collector's grammar. Later sources win: maps are merged, lists replaced.
 * @param uris files, `yaml:a::b: value` texts and `env:NAME` variables
 * @throws ConfigError with every fault
 */
export async function loadConfig(uris: readonly string[], options: LoadOptions): Promise<CollectorConfig> {
  const sources = await readSources(uris, options)
  const faults = new FaultCollector(sources)
  const merged = mergeSources(sources, faults)
  faults.throwIfAny()
  refuseSdkConfiguration(merged, faults)
  faults.throwIfAny()

  const warnings: string[] = []
  const root = expandReferences(merged, options.env, { faults, warnings })
  checkTopLevel(root, faults)
  const components = readComponents({ root, definitions: options.definitions, faults, warnings })
  const service = readService(root, faults)
  checkReferences(service, { root, components, faults })
  faults.throwIfAny()

  return { ...configured(components), service, warnings, document: toDocument(root, components) }
}

async function readSources(uris: readonly string[], { env, set = [] }: LoadOptions): Promise<Source[]> {
  const read = [...(await Promise.all(uris.map((uri) => readSource(uri, env)))), ...set.map(readSetFlag)]
  const unreadable = read.filter((source) => 'message' in source)
  if (unreadable.length > 0) throw new ConfigError(unreadable)
  if (uris.length === 0) {
    throw new ConfigError([{ path: '', message: 'at least one config flag must be provided', file: '', line: 0, column: 0 }])
  }
  return read.filter((source) => 'text' in source)
}

function mergeSources(sources: readonly Source[], faults: FaultCollector): MapNode {
  let root: MapNode = { kind: 'map', origin: { source: sources[0]!, line: 1, column: 1 }, entries: new Map() }
  for (const source of sources) {
    const parsed = parseYaml(source)
    for (const { message, origin } of parsed.faults) faults.addAt(origin, '', message)
    if (parsed.root.kind === 'map') root = mergeMaps(root, parsed.root)
    else if (!isNothing(parsed.root)) faults.addAt(parsed.root.origin, '', 'expected a map with the keys of a Collector configuration')
  }
  if (root.entries.size === 0 && faults.count === 0) faults.addAt(root.origin, '', 'empty configuration file')
  return root
}

/** The SDKs' own configuration is often called otel-config.yaml too. */
function refuseSdkConfiguration(root: MapNode, faults: FaultCollector): void {
  const entry = root.entries.get('file_format')
  if (!entry) return
  const message =
    "this is the SDK's declarative configuration (OTEL_CONFIG_FILE), not a Collector configuration: " +
    'it tells an application how to send telemetry, while Turret reads receivers, exporters and service::pipelines'
  faults.addAt(entry.origin, 'file_format', message)
}

function expandReferences(
  root: MapNode,
  env: Environment,
  { faults, warnings }: { faults: FaultCollector; warnings: string[] },
): ConfigNode {
  const report = { faults: [] as { message: string; origin: Origin }[], unset: new Set<string>() }
  const expanded = expand(root, env, report)
  for (const { message, origin } of report.faults) faults.addAt(origin, '', message)
  warnings.push(...[...report.unset].map((name) => `Configuration references unset environment variable ${name}`))
  return expanded
}

function checkTopLevel(root: ConfigNode, faults: FaultCollector): void {
  if (root.kind !== 'map') return
  const known: readonly string[] = [...componentKinds, 'service']
  for (const [key, entry] of root.entries) {
    if (!known.includes(key)) faults.addAt(entry.origin, '', `has invalid keys: ${key}`, { key: true, suggestion: suggest(key, known) })
  }
}

type ConfiguredSections = Pick<CollectorConfig, (typeof componentKinds)[number]>

function configured(components: NamedComponents): ConfiguredSections {
  const sections = componentKinds.map((kind): [string, ConfiguredComponents] => [
    kind,
    new Map([...components[kind]].flatMap(([id, named]) => (named?.component ? [[id, named.component]] : []))),
  ])
  return Object.fromEntries(sections) as unknown as ConfiguredSections
}

function toDocument(root: ConfigNode, components: NamedComponents): Record<string, unknown> {
  const plain = toPlain(root) as Record<string, unknown>
  for (const kind of componentKinds) {
    const section = plain[kind] as Record<string, unknown> | null | undefined
    for (const [key, body] of Object.entries(section ?? {})) {
      const definition = components[kind].get(key.trim())?.definition
      section![key] = redactSecrets(body, definition ? fieldsOf(definition.schema) : [])
    }
  }
  return plain
}
