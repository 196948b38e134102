/** Prints a configuration, and the components one may name in it, as YAML. */
import { stringify } from 'yaml'
import type { CollectorConfig } from './collector-config.ts'
import { type ComponentDefinition, componentKinds } from './component.ts'

/** The merged and expanded configuration, with secrets hidden: what `turret print-config` shows. */
export function printConfig(config: CollectorConfig): string {
  return stringify(config.document)
}

/** The components of this build by section, with the signals they take: what `turret components` shows. */
export function describeComponents(definitions: readonly ComponentDefinition<unknown>[]): string {
  const sections = componentKinds.map((kind) => [kind, definitions.filter((definition) => definition.kind === kind).map(describe)])
  return stringify(Object.fromEntries(sections))
}

function describe({ type, aliases, signals, emits }: ComponentDefinition<unknown>): Record<string, unknown> {
  const flows = emits ? (signals ?? []).flatMap((from) => emits.map((to) => `${from}-to-${to}`)) : signals
  return { name: type, ...(aliases ? { aliases: aliases.map(({ name }) => name) } : {}), ...(flows ? { signals: flows } : {}) }
}
