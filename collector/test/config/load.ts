/** Loads a configuration written in a test, or tells what is wrong with it. */
import type { CollectorConfig } from '../../src/config/collector-config.ts'
import type { ComponentDefinition } from '../../src/config/component.ts'
import { ConfigError, type ConfigFault } from '../../src/config/config-error.ts'
import { definitions } from '../../src/config/definitions.ts'
import { loadConfig } from '../../src/config/load-config.ts'

interface Options {
  readonly env?: Record<string, string | undefined>
  readonly set?: readonly string[]
}

/** The smallest configuration that is valid; tests lay their own over it. */
export const minimal = `yaml:
receivers:
  track:
exporters:
  debug:
service:
  pipelines:
    traces:
      receivers: [track]
      exporters: [debug]
`

export function load(uris: readonly string[], { env = {}, set = [] }: Options = {}): Promise<CollectorConfig> {
  return loadConfig(uris, { definitions, env, set })
}

/** The faults of a configuration; none if it is valid. */
export async function faultsOf(uris: readonly string[], options: Options = {}): Promise<readonly ConfigFault[]> {
  return (await errorOf(uris, options))?.faults ?? []
}

export async function errorOf(uris: readonly string[], options: Options = {}): Promise<ConfigError | undefined> {
  try {
    await load(uris, options)
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}

/** The parsed body of a component, by default the one whose id is its type. */
export function configOf<C>(config: CollectorConfig, definition: ComponentDefinition<C>, id = definition.type): C {
  const component = config[definition.kind].get(id)
  if (!component) throw new Error(`${definition.kind}::${id} is not configured`)
  return component.config as C
}
