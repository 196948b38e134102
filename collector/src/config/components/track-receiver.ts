/** `receivers.track`: takes `POST /track`, events as plain JSON from any language. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, endpoint, section, urlPath } from '../schema.ts'

const schema = section({
  endpoint: endpoint().optional().describe('Address to listen on. Absent: the port of `receivers.otlp`.'),
  path: urlPath('/track').describe('Path that takes events; the same path below `/v1` does too.'),
  text_keys: z
    .array(z.string().min(1))
    .min(1)
    .default(['prompt'])
    .describe('Metadata keys that hold what the user said, in order of priority.'),
  max_text_bytes: count(131_072, 1) // 128 KiB: about 30,000 tokens, longer than what people type
    .describe('Longest metadata text, in bytes of UTF-8. A longer one is refused with `TEXT_TOO_LONG`.'),
  max_batch: count(1000, 1).describe('Most events in one request.'),
})

export type TrackReceiverConfig = z.output<typeof schema>

export const trackReceiver: ComponentDefinition<TrackReceiverConfig> = { kind: 'receivers', type: 'track', signals: ['traces'], schema }
