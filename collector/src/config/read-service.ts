/** Reads the section `service`: which extensions and pipelines run, and how the collector speaks of itself. */
import { z } from 'zod'
import type { PipelineConfig, TelemetryConfig } from './collector-config.ts'
import { signals } from './component.ts'
import { type ConfigNode, isNothing, nodeAt } from './document.ts'
import type { FaultCollector } from './faults.ts'
import { parseIdentifier } from './identifier.ts'
import { readBody } from './read-body.ts'
import { defaultSection, section } from './schema.ts'
import { suggest } from './suggest.ts'

const ids = z.array(z.string().trim()).default([])

/** `service::telemetry`. */
export const telemetrySchema = section({
  logs: defaultSection({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Least important log line to write.'),
  }),
  metrics: defaultSection({
    level: z
      .enum(['none', 'basic', 'normal', 'detailed'])
      .default('normal')
      .describe('`none` closes `/metrics`; the other levels are alike.'),
  }),
  resource: z.record(z.string(), z.string()).default({}).describe("Attributes of the collector's own telemetry."),
})

const serviceSchema = section({
  extensions: ids,
  pipelines: z.unknown().optional(),
  telemetry: telemetrySchema.prefault({}),
})

const pipelineSchema = section({ receivers: ids, processors: ids, exporters: ids })

export interface ServiceConfig {
  readonly extensions: readonly string[]
  readonly pipelines: ReadonlyMap<string, PipelineConfig>
  readonly telemetry: TelemetryConfig
}

/** Reads the section and notes every fault in it, its references excepted. What cannot be read is as if it were not written. */
export function readService(root: ConfigNode, faults: FaultCollector): ServiceConfig {
  const service = readBody(serviceSchema, root, ['service'], faults)
  const { extensions, telemetry } = service ?? serviceSchema.parse({})
  return { extensions, telemetry, pipelines: readPipelines(root, faults) }
}

function readPipelines(root: ConfigNode, faults: FaultCollector): ReadonlyMap<string, PipelineConfig> {
  const path = ['service', 'pipelines']
  const pipelines = new Map<string, PipelineConfig>()
  const node = nodeAt(root, path)
  if (isNothing(node) || (node?.kind === 'map' && node.entries.size === 0))
    faults.add(root, path, 'service must have at least one pipeline')
  else if (node?.kind !== 'map') faults.add(root, path, 'expected a map of pipelines')
  else {
    for (const key of node.entries.keys()) {
      const pipeline = readPipeline(root, key, faults)
      if (pipeline) pipelines.set(pipeline.name === '' ? pipeline.signal : `${pipeline.signal}/${pipeline.name}`, pipeline)
    }
  }
  return pipelines
}

function readPipeline(root: ConfigNode, key: string, faults: FaultCollector): PipelineConfig | undefined {
  const path = ['service', 'pipelines', key]
  const identifier = parseIdentifier(key)
  if ('fault' in identifier) {
    faults.add(root, path.slice(0, 2), identifier.fault, { at: path, key: true })
    return undefined
  }
  const signal = signals.find((known) => known === identifier.type)
  if (!signal) {
    const suggestion = suggest(identifier.type, signals)
    faults.add(root, path.slice(0, 2), `in "${key}" id: unknown pipeline signal: "${identifier.type}"`, { at: path, key: true, suggestion })
    return undefined
  }
  const body = readBody(pipelineSchema, root, path, faults)
  if (!body) return undefined
  if (body.receivers.length === 0) faults.add(root, path, 'must have at least one receiver', { key: true })
  if (body.exporters.length === 0) faults.add(root, path, 'must have at least one exporter', { key: true })
  return { signal, name: identifier.name, ...body }
}
