/** `extensions.api_keys`: asks every request for a key. Keys live in ClickHouse; those listed here come on top. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, defaultSection, secret, section } from '../schema.ts'

const schema = section({
  keys: z
    .array(
      section({
        key: secret({ minLength: 1 }).describe('The key itself: take it from the environment.'),
        project: z.string().min(1).default('default').describe('Project that the key belongs to.'),
        scopes: z
          .array(z.enum(['ingest', 'read', 'admin']))
          .min(1)
          .default(['ingest'])
          .describe('What the key may do: `ingest`, `read`, `admin`.'),
        monthly_quota: count(0).describe('Most events in a calendar month (UTC). `0`: no limit.'),
        k_anonymity: z
          .union([z.literal(0), z.int().min(2).max(100)], 'expected 0, or 2 to 100 users')
          .default(0)
          .describe('For a key with the scope `read` alone: it sees only what at least so many users share, 2…100. `0`: everything.'),
      }).refine(({ kAnonymity, scopes }) => kAnonymity === 0 || (scopes.length === 1 && scopes[0] === 'read'), {
        path: ['k_anonymity'],
        message: 'goes with the scope read alone',
      }),
    )
    .default([])
    .describe('Keys that are always valid.'),
  rate_limit: defaultSection({
    items_per_second: count(0).describe('Most spans and log records that one key may send a second, in the long run. `0`: no limit.'),
    burst: count(10_000, 1).describe('Spans and log records that one key may send at once after a pause.'), // ten requests of a usual Collector
  }),
})

export type ApiKeysConfig = z.output<typeof schema>

export const apiKeys: ComponentDefinition<ApiKeysConfig> = { kind: 'extensions', type: 'api_keys', schema }
