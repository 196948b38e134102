/** The configuration as the service reads it: every component's body parsed, every reference checked. */
import type { Signal } from './component.ts'

/** A component that the configuration names. `config` is what its definition's schema gave. */
export interface ConfiguredComponent {
  /** The definition's type, also where the configuration uses an alias. */
  readonly type: string
  /** What follows the `/` of the id; empty where nothing does. */
  readonly name: string
  readonly config: unknown
}

/** By id, in the order of the configuration. */
export type ConfiguredComponents = ReadonlyMap<string, ConfiguredComponent>

/** Ids of the components of a pipeline; receivers and exporters may be connectors. */
export interface PipelineConfig {
  readonly signal: Signal
  readonly name: string
  readonly receivers: readonly string[]
  readonly processors: readonly string[]
  readonly exporters: readonly string[]
}

/** How the collector speaks of itself. */
export interface TelemetryConfig {
  readonly logs: { readonly level: 'debug' | 'info' | 'warn' | 'error' }
  readonly metrics: { readonly level: 'none' | 'basic' | 'normal' | 'detailed' }
  /** Attributes that the collector's own telemetry carries. */
  readonly resource: Readonly<Record<string, string>>
}

export interface CollectorConfig {
  readonly receivers: ConfiguredComponents
  readonly processors: ConfiguredComponents
  readonly exporters: ConfiguredComponents
  readonly connectors: ConfiguredComponents
  readonly extensions: ConfiguredComponents
  readonly service: {
    readonly extensions: readonly string[]
    readonly pipelines: ReadonlyMap<string, PipelineConfig>
    readonly telemetry: TelemetryConfig
  }
  /** What is allowed but worth a line in the log: deprecated names, variables that are not set. */
  readonly warnings: readonly string[]
  /** The merged and expanded document, as plain values; secrets are hidden. */
  readonly document: Readonly<Record<string, unknown>>
}
