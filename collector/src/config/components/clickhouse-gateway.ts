/** `extensions.clickhouse_gateway`: a read-only door to the public views, for tools that speak ClickHouse's HTTP interface. */
import { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { count, duration, endpoint, secret, section, size } from '../schema.ts'

const schema = section({
  endpoint: endpoint().prefault('127.0.0.1:8123').describe('Address to listen on.'), // ClickHouse's own HTTP port
  key: secret({ minLength: 1 }).optional().describe('Password that clients must send. Absent: API keys with the scope `read`.'),
  project: z.string().min(1).default('default').describe('Project that `key` may read. An API key reads its own.'),
  max_execution_time: duration('30s').describe('Longest time for one query.'),
  max_memory: size('128MiB').describe('Most memory for one query.'), // of the 400 MiB that the embedded engine has
  max_result_rows: count(1_000_000, 1).describe('Most rows of one result. A query with more fails.'),
  max_concurrent_queries: count(2, 1).describe('Queries at once. The next one is refused.'), // the engine reads in three lanes
})

export type ClickHouseGatewayConfig = z.output<typeof schema>

export const clickhouseGateway: ComponentDefinition<ClickHouseGatewayConfig> = { kind: 'extensions', type: 'clickhouse_gateway', schema }
