/** `processors.batch`: says when a spool segment is full and goes to the store. */
import type { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, duration, section } from '../schema.ts'

const schema = section({
  timeout: duration('500ms') // ClickHouse likes few large inserts; half a second keeps topics within two
    .describe('Oldest age of a batch.'),
  send_batch_size: count(8192).describe('Spans or log records after which a batch is sent.'), // the Collector's default
  send_batch_max_size: count(0).describe('Most spans or log records in one batch. `0`: no limit.'),
}).superRefine(({ sendBatchSize, sendBatchMaxSize }, context) => {
  if (sendBatchMaxSize === 0 || sendBatchMaxSize >= sendBatchSize) return
  const message = 'send_batch_max_size must be greater or equal to send_batch_size'
  context.addIssue({ code: 'custom', path: ['send_batch_max_size'], message })
})

export type BatchConfig = z.output<typeof schema>

export const batch: ComponentDefinition<BatchConfig> = {
  kind: 'processors',
  type: 'batch',
  signals: ['traces', 'logs', 'metrics'],
  schema,
}
