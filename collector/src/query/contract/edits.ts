/** Requests and answers of the edits that people make, and of API keys. */
import { z } from 'zod'
import { count, time, topicId } from './common.ts'

const label = z.string().trim().min(1).max(80).meta({ description: 'The name, at most 80 characters' })

/** PATCH /topics/:id */
export const topicPatch = z
  .strictObject({
    label: label.optional(),
    description: z.string().max(400).optional().meta({ description: 'At most 400 characters' }),
    hidden: z.boolean().optional().meta({ description: 'Left out of lists' }),
    pinned: z.boolean().optional().meta({ description: 'Kept as it is by later clusterings' }),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'expected at least one of label, description, hidden, pinned')

/** POST /topics/:id/merge: the topics named here become part of :id. */
export const mergeRequest = z.strictObject({ topic_ids: z.array(topicId).min(1).max(100) })
/** POST /topics/:id/split: the subtopics named here become a topic of their own. */
export const splitRequest = z.strictObject({ subtopic_ids: z.array(topicId).min(1).max(100), label: label.optional() })
/** POST /topics/:id/move: the texts of these events move to :id. */
export const moveRequest = z.strictObject({
  event_ids: z.array(z.string().max(64)).min(1).max(1000).meta({ description: 'Event ids, at most 1,000' }),
})

export const editAnswer = z.object({ success: z.literal(true), edit_id: z.string(), topic_id: topicId })
export const edit = z.object({
  edit_id: z.string(),
  at: time,
  author: z.string(),
  kind: z.enum(['rename', 'merge', 'split', 'move', 'pin', 'hide']),
  topic_id: topicId,
  arguments: z.record(z.string(), z.unknown()),
  undone: z.boolean(),
})
export const editsAnswer = z.object({ edits: z.array(edit), next_cursor: z.string().nullable() })

export const scope = z.enum(['ingest', 'read', 'admin'])
const kAnonymity = z
  .union([z.literal(0), z.number().int().min(2).max(100)])
  .meta({ description: 'The key sees only what at least so many users share, 2…100; 0 = everything. With the scope `read` alone' })
export const keyRequest = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes')
    .meta({ description: 'Lower-case letters, digits and dashes' }),
  name: z.string().max(100).default('').meta({ description: 'What the key is for' }),
  scopes: z.array(scope).min(1).default(['ingest']),
  monthly_quota: count.default(0).meta({ description: 'Events a month; 0 = no limit' }),
  k_anonymity: kAnonymity.default(0),
  expires_at: time.optional(),
})
export const apiKey = z.object({
  key_id: z.string(),
  project: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  monthly_quota: count,
  k_anonymity: kAnonymity,
  used_this_month: count,
  created_at: time,
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
})
export const keyCreated = apiKey.extend({ key: z.string().meta({ description: 'Shown once; only its hash is kept' }) })
export const keysAnswer = z.object({ keys: z.array(apiKey) })

export type Edit = z.infer<typeof edit>
export type Scope = z.infer<typeof scope>
