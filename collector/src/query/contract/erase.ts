/** The receipt of an erasure: what is gone, in numbers. */
import { z } from 'zod'
import { count, time } from './common.ts'

/** DELETE /users/:id and DELETE /sessions/:id */
export const eraseAnswer = z.object({
  success: z.literal(true),
  erased_at: time,
  events: count.meta({ description: 'Rows of events, every version counted' }),
  turn_parts: count,
  spans: count,
  logs: count,
  vectors: count.meta({ description: 'Stored vectors of texts that nobody else said' }),
  examples: count.meta({ description: 'Texts taken out of examples of topics' }),
  samples: count.meta({ description: 'Texts that the clusterer had kept to word labels from' }),
  topics: count.meta({ description: 'Topics whose words were made anew without them' }),
  dead_letters: count,
})

export type EraseAnswer = z.infer<typeof eraseAnswer>
