/** How long data is kept, and the receipt of an erasure. */
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
  examples: count.meta({ description: 'Texts taken out of examples of topics' }),
  samples: count.meta({ description: 'Texts that the clusterer had kept to word labels from' }),
  topics: count.meta({ description: 'Topics whose words were made anew without them' }),
  dead_letters: count,
})

/** GET and PATCH /project */
export const project = z.object({
  project: z.string(),
  retention_days: z.number().int().min(0).max(36_500).meta({ description: 'Events, spans and logs older than this are deleted; 0 = kept' }),
})
export const projectPatch = project.pick({ retention_days: true }).strict()

export type EraseAnswer = z.infer<typeof eraseAnswer>
