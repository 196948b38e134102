/** What the configuration knows of a component: its name, its signals and the schema of its keys. */
import type { z } from 'zod'

export const componentKinds = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const

/** A top-level section of the configuration. */
export type ComponentKind = (typeof componentKinds)[number]

export const signals = ['traces', 'logs', 'metrics'] as const

/** What flows through a pipeline. */
export type Signal = (typeof signals)[number]

/** One kind of component that a configuration may name. */
export interface ComponentDefinition<C> {
  readonly type: string
  readonly kind: ComponentKind
  /** Reads the component's YAML body into its configuration; unknown keys are errors. */
  readonly schema: z.ZodType<C>
  /** Other names of the type, as the OpenTelemetry Collector has them. */
  readonly aliases?: readonly { readonly name: string; readonly deprecated: boolean }[]
  /** The signals it takes. Extensions have none. */
  readonly signals?: readonly Signal[]
  /** For connectors: the signals of the pipelines it feeds. */
  readonly emits?: readonly Signal[]
}

/** Finds the definition that a type name means, by its own name or an alias. */
export function findDefinition(
  definitions: readonly ComponentDefinition<unknown>[],
  kind: ComponentKind,
  type: string,
): ComponentDefinition<unknown> | undefined {
  return definitions.find(
    (definition) => definition.kind === kind && (definition.type === type || definition.aliases?.some((alias) => alias.name === type)),
  )
}
