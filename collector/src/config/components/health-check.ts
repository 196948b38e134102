/** `extensions.health_check`: says whether the collector is ready. */
import type { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { endpoint, section, urlPath } from '../schema.ts'

const schema = section({
  endpoint: endpoint().optional().describe('Address to listen on. Absent: the port of `receivers.otlp`.'),
  path: urlPath('/health').describe('Path that answers.'),
})

export type HealthCheckConfig = z.output<typeof schema>

export const healthCheck: ComponentDefinition<HealthCheckConfig> = { kind: 'extensions', type: 'health_check', schema }
