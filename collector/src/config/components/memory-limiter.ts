/** `processors.memory_limiter`: refuses new data with 503 while the process holds too much memory. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, duration, section } from '../schema.ts'

const percentage = (): z.ZodDefault<z.ZodNumber> => z.int().min(0).max(100).default(0)

const schema = section({
  check_interval: duration('1s') // the Collector's README recommends 1s; its default of 0s is refused there
    .describe('How often memory is measured.'),
  limit_mib: count(0).describe('Most memory the process should hold, in MiB; wins over `limit_percentage`. `0`: not set.'),
  spike_limit_mib: count(0).describe(
    'Expected growth between two measurements, in MiB; new data is refused above the limit less this. `0`: a fifth of the limit.',
  ),
  limit_percentage: percentage().describe('Most memory, in percent of what the machine or container has. `0`: not set.'),
  spike_limit_percentage: percentage().describe('Expected growth between two measurements, in percent. `0`: a fifth of the limit.'),
}).superRefine((config, context) => {
  const fault = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
  if (config.checkIntervalMs === 0) fault('check_interval', `'check_interval' must be greater than zero`)
  if (config.limitMib === 0 && config.limitPercentage === 0) {
    fault('limit_mib', `'limit_mib' or 'limit_percentage' must be greater than zero`)
  }
  if (config.limitMib > 0 && config.spikeLimitMib >= config.limitMib) {
    fault('spike_limit_mib', `'spike_limit_mib' must be smaller than 'limit_mib'`)
  }
  if (config.limitPercentage > 0 && config.spikeLimitPercentage >= config.limitPercentage) {
    fault('spike_limit_percentage', `'spike_limit_percentage' must be smaller than 'limit_percentage'`)
  }
})

export type MemoryLimiterConfig = z.output<typeof schema>

export const memoryLimiter: ComponentDefinition<MemoryLimiterConfig> = {
  kind: 'processors',
  type: 'memory_limiter',
  signals: ['traces', 'logs', 'metrics'],
  schema,
}
