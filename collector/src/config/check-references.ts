/** Checks what the service section refers to: that it is configured, fits the signal, and that connectors connect. */
import type { PipelineConfig } from './collector-config.ts'
import type { ComponentDefinition, Signal } from './component.ts'
import type { ConfigNode } from './document.ts'
import type { FaultCollector } from './faults.ts'
import type { NamedComponent, NamedComponents } from './read-components.ts'
import type { ServiceConfig } from './read-service.ts'
import { suggest } from './suggest.ts'

type Pipelines = ReadonlyMap<string, PipelineConfig>
type Role = 'receiver' | 'processor' | 'exporter'

const roles: readonly Role[] = ['receiver', 'processor', 'exporter']

interface Checking {
  readonly root: ConfigNode
  readonly components: NamedComponents
  readonly faults: FaultCollector
}

/** Notes a fault for everything that does not fit together, in the Collector's words. */
export function checkReferences(service: ServiceConfig, checking: Checking): void {
  checkSections(checking)
  checkAmbiguousIds(checking)
  for (const [index, id] of service.extensions.entries()) {
    if (checking.components.extensions.has(id)) continue
    const suggestion = suggest(id, checking.components.extensions.keys())
    const at = ['service', 'extensions', String(index)]
    checking.faults.add(checking.root, ['service', 'extensions'], `references extension "${id}" which is not configured`, {
      at,
      suggestion,
    })
  }
  for (const [id, pipeline] of service.pipelines) for (const role of roles) checkPipeline(id, pipeline, role, checking)
  checkConnectors(service.pipelines, checking)
  checkCycles(service.pipelines, checking)
}

function checkSections({ root, components, faults }: Checking): void {
  if (components.receivers.size === 0) faults.add(root, ['receivers'], 'no receiver configuration specified in config')
  if (components.exporters.size === 0) faults.add(root, ['exporters'], 'no exporter configuration specified in config')
}

function checkAmbiguousIds({ root, components, faults }: Checking): void {
  for (const id of components.connectors.keys()) {
    for (const role of ['exporter', 'receiver'] as const) {
      if (!components[`${role}s`].has(id)) continue
      const advice = `Change one of the components' IDs to eliminate ambiguity (e.g. rename "${id}" connector to "${id}/connector")`
      faults.add(root, ['connectors', id], `ambiguous ID: Found both "${id}" ${role} and "${id}" connector. ${advice}`, { key: true })
    }
  }
}

function checkPipeline(id: string, pipeline: PipelineConfig, role: Role, { root, components, faults }: Checking): void {
  const path = ['service', 'pipelines', id]
  const own = components[`${role}s`]
  const connectors = role === 'processor' ? new Map<string, undefined>() : components.connectors
  const seen = new Set<string>()
  for (const [index, reference] of pipeline[`${role}s`].entries()) {
    const at = [...path, `${role}s`, String(index)]
    if (seen.has(reference)) faults.add(root, path, `references ${role} "${reference}" multiple times`, { at })
    seen.add(reference)
    if (!own.has(reference) && !connectors.has(reference)) {
      const suggestion = suggest(reference, [...own.keys(), ...connectors.keys()])
      faults.add(root, path, `references ${role} "${reference}" which is not configured`, { at, suggestion })
      continue
    }
    const definition = own.get(reference)?.definition
    if (definition && !definition.signals?.includes(pipeline.signal)) {
      const message = `failed to create "${reference}" ${role} for data type "${pipeline.signal}": telemetry type is not supported`
      faults.add(root, path, message, { at })
    }
  }
}

/** A connector takes from a pipeline as its exporter and feeds another as its receiver, both of signals it knows. */
function checkConnectors(pipelines: Pipelines, { root, components, faults }: Checking): void {
  for (const [id, connector] of components.connectors) {
    if (!connector) continue
    const into = [...pipelines].filter(([, pipeline]) => pipeline.exporters.includes(id))
    const outOf = [...pipelines].filter(([, pipeline]) => pipeline.receivers.includes(id))
    for (const [pipelineId, { signal }] of into) {
      if (takes(connector, signal) && outOf.some(([, target]) => emits(connector, target.signal))) continue
      const message = `connector "${id}" used as exporter in ${signal} pipeline but not used in any supported receiver pipeline`
      faults.add(root, ['service', 'pipelines', pipelineId], message, { key: true })
    }
    for (const [pipelineId, { signal }] of outOf) {
      if (emits(connector, signal) && into.some(([, source]) => takes(connector, source.signal))) continue
      const message = `connector "${id}" used as receiver in ${signal} pipeline but not used in any supported exporter pipeline`
      faults.add(root, ['service', 'pipelines', pipelineId], message, { key: true })
    }
  }
}

/** Follows the connectors from pipeline to pipeline; one that comes back to where it started would run for ever. */
function checkCycles(pipelines: Pipelines, { root, components, faults }: Checking): void {
  const next = (id: string): string[] =>
    (pipelines.get(id)?.exporters ?? [])
      .filter((exporter) => components.connectors.has(exporter))
      .flatMap((connector) => [...pipelines].filter(([, target]) => target.receivers.includes(connector)).map(([target]) => target))

  for (const start of pipelines.keys()) {
    const reached = new Set<string>()
    const waiting = next(start)
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (reached.has(id)) continue
      reached.add(id)
      waiting.push(...next(id))
    }
    if (!reached.has(start)) continue
    faults.add(root, ['service', 'pipelines', start], 'cycle detected: its connectors lead back to this pipeline', { key: true })
  }
}

function takes({ definition }: NamedComponent, signal: Signal): boolean {
  return has(definition.signals, signal)
}

function emits({ definition }: NamedComponent, signal: Signal): boolean {
  return has(definition.emits, signal)
}

function has(signals: ComponentDefinition<unknown>['signals'], signal: Signal): boolean {
  return signals?.includes(signal) ?? false
}
