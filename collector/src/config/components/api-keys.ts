/** `extensions.api_keys`: asks every request for a key. Keys live in ClickHouse; those listed here come on top. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { secret, section } from '../schema.ts'

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
      }),
    )
    .default([])
    .describe('Keys that are always valid.'),
})

export type ApiKeysConfig = z.output<typeof schema>

export const apiKeys: ComponentDefinition<ApiKeysConfig> = { kind: 'extensions', type: 'api_keys', schema }
