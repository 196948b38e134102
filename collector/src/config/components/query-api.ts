/** `extensions.query_api`: answers questions about topics, journeys and sessions. */
import type { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { duration, section, size, urlPath } from '../schema.ts'
import { cors } from './http-server.ts'

const schema = section({
  path: urlPath('/api/v1').describe('Path below which the API answers, on the port of `receivers.otlp`.'),
  max_execution_time: duration('30s').describe('Longest time for one query.'),
  max_memory: size('1GiB').describe('Most memory for one query.'),
  cors: cors.optional().describe('Lets browsers ask. Absent: they may not.'),
})

export type QueryApiConfig = z.output<typeof schema>

export const queryApi: ComponentDefinition<QueryApiConfig> = { kind: 'extensions', type: 'query_api', schema }
