/** Reads the component sections: every id, its type and its body. */
import type { ConfiguredComponent } from './collector-config.ts'
import { type ComponentDefinition, type ComponentKind, componentKinds, findDefinition } from './component.ts'
import { type ConfigNode, isNothing, nodeAt } from './document.ts'
import type { FaultCollector } from './faults.ts'
import { parseIdentifier } from './identifier.ts'
import { isKnownToCollector } from './known-components.ts'
import { readBody } from './read-body.ts'
import { suggest } from './suggest.ts'

/** A component that is named in the configuration; without `config` where its body has faults. */
export interface NamedComponent {
  readonly id: string
  readonly name: string
  readonly definition: ComponentDefinition<unknown>
  readonly component?: ConfiguredComponent
}

/** Per section, by id. Ids of unknown types are kept without a definition, so that references to them are no second fault. */
export type NamedComponents = Readonly<Record<ComponentKind, ReadonlyMap<string, NamedComponent | undefined>>>

interface Reading {
  readonly root: ConfigNode
  readonly definitions: readonly ComponentDefinition<unknown>[]
  readonly faults: FaultCollector
  readonly warnings: string[]
}

/** Reads all five sections, and notes every fault. */
export function readComponents(reading: Reading): NamedComponents {
  const sections = componentKinds.map((kind) => [kind, readSection(kind, reading)] as const)
  return Object.fromEntries(sections) as unknown as NamedComponents
}

function readSection(kind: ComponentKind, reading: Reading): ReadonlyMap<string, NamedComponent | undefined> {
  const { root, faults } = reading
  const components = new Map<string, NamedComponent | undefined>()
  const section = nodeAt(root, [kind])
  if (isNothing(section)) return components
  if (section?.kind !== 'map') {
    faults.add(root, [kind], 'expected a map of components')
    return components
  }

  for (const key of section.entries.keys()) {
    const identifier = parseIdentifier(key)
    if ('fault' in identifier) {
      faults.add(root, [kind], identifier.fault, { at: [kind, key], key: true })
      continue
    }
    const definition = findDefinition(reading.definitions, kind, identifier.type)
    if (!definition) reportUnknownType(kind, key, identifier.type, reading)
    components.set(identifier.id, definition && readComponent(definition, key, identifier, reading))
  }
  return components
}

function readComponent(
  definition: ComponentDefinition<unknown>,
  key: string,
  { id, type, name }: { id: string; type: string; name: string },
  { root, faults, warnings }: Reading,
): NamedComponent {
  if (definition.aliases?.some((alias) => alias.name === type && alias.deprecated)) {
    warnings.push(`${definition.kind}::${id}: "${type}" is a deprecated name of "${definition.type}"`)
  }
  const before = faults.count
  const config = readBody(definition.schema, root, [definition.kind, key], faults)
  if (faults.count > before) return { id, name, definition }
  return { id, name, definition, component: { type: definition.type, name, config } }
}

function reportUnknownType(kind: ComponentKind, key: string, type: string, { root, definitions, faults }: Reading): void {
  const place = { at: [kind, key], key: true }
  if (kind === 'exporters' && type === 'logging') {
    return faults.add(root, [kind], 'the logging exporter has been deprecated, use the debug exporter instead', place)
  }
  if (isKnownToCollector(kind, type)) {
    return faults.add(root, [kind], `"${key}" is known to the OpenTelemetry Collector, not part of Turret`, place)
  }
  const types = definitions.filter((definition) => definition.kind === kind).map((definition) => definition.type)
  const message = `unknown type: "${type}" for id: "${key}" (valid values: [${types.join(' ')}])`
  return faults.add(root, [kind], message, { ...place, suggestion: suggest(type, types) })
}
