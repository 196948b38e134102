/** `receivers.otel_traces`: finds events in spans that others write into the table `otel_traces`. */
import type { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { duration, section } from '../schema.ts'

const schema = section({
  interval: duration('10s').describe('How often to look for new spans.'),
  lookback: duration('24h').describe('How far back to look at start. What is known already is not counted again.'),
})

export type OtelTracesReceiverConfig = z.output<typeof schema>

export const otelTracesReceiver: ComponentDefinition<OtelTracesReceiverConfig> = {
  kind: 'receivers',
  type: 'otel_traces',
  signals: ['traces'],
  schema,
}
