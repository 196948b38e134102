/** `extensions.clickhouse_gateway`: a read-only door to the public views, for tools that speak ClickHouse's HTTP interface. */
import type { z } from 'zod'
import type { ComponentDefinition } from '../component.ts'
import { endpoint, secret, section } from '../schema.ts'

const schema = section({
  endpoint: endpoint().prefault('127.0.0.1:8123').describe('Address to listen on.'), // ClickHouse's own HTTP port
  key: secret({ minLength: 1 }).optional().describe('Password that clients must send. Absent: API keys with the scope `read`.'),
})

export type ClickHouseGatewayConfig = z.output<typeof schema>

export const clickhouseGateway: ComponentDefinition<ClickHouseGatewayConfig> = { kind: 'extensions', type: 'clickhouse_gateway', schema }
