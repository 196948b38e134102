/** `exporters.debug`: writes what passes to the console. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { section } from '../schema.ts'

const schema = section({
  verbosity: z
    .enum(['basic', 'normal', 'detailed'])
    .default('basic')
    .describe("`basic`: a line per batch; `normal`: a line per span; `detailed`: every attribute, users' texts included."),
})

export type DebugExporterConfig = z.output<typeof schema>

export const debugExporter: ComponentDefinition<DebugExporterConfig> = {
  kind: 'exporters',
  type: 'debug',
  signals: ['traces', 'logs'],
  schema,
}
