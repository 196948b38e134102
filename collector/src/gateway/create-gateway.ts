/** Makes the gateway that the configuration asks for and starts it. */
import type { ClickHouse } from '@turret/clickhouse'
import { Counter } from 'prom-client'
import type { ClickHouseGatewayConfig } from '../config/components/clickhouse-gateway.ts'
import type { Keys } from '../keys/keys.ts'
import type { Logger, Metrics } from '../telemetry.ts'
import { type GatewayKeys, refuseOpenGateway } from './authenticate.ts'
import { readCatalog } from './catalog.ts'
import { EngineDoor } from './engine-door.ts'
import { GatewayServer } from './gateway-server.ts'

export interface GatewayOptions {
  readonly config: ClickHouseGatewayConfig
  readonly db: ClickHouse
  readonly keys: Keys
  readonly isLoopback: boolean
  readonly logger: Logger
  readonly metrics: Metrics
}

export interface RunningGateway {
  stop(signal: AbortSignal): Promise<void>
}

const sendingMs = 30_000 // beside the time of the query itself, for the largest result over a slow line

/** @throws Error without the embedded engine, without a key on an address that others can reach, or if the port is taken */
export async function startGateway({ config, db, keys, isLoopback, logger, metrics }: GatewayOptions): Promise<RunningGateway> {
  const { host, port } = config.endpoint
  if (!db.embedded) {
    throw new Error(
      'extensions::clickhouse_gateway: is a door to the embedded engine; a ClickHouse server has its own: give it a user for the views',
    )
  }
  const gatewayKeys: GatewayKeys = { keys, ownKey: config.key, project: config.project, isLoopback }
  refuseOpenGateway(gatewayKeys, host)

  const requests = new Counter({
    name: 'turret_gateway_requests',
    help: 'Requests to the ClickHouse gateway by outcome',
    labelNames: ['outcome'],
    registers: [metrics.registry],
  })
  const server = new GatewayServer({
    host,
    port,
    keys: gatewayKeys,
    catalog: await readCatalog(db),
    engine: new EngineDoor(db.url, db.database, config),
    answerTimeoutMs: config.maxExecutionTimeMs + sendingMs,
    maxConcurrentQueries: config.maxConcurrentQueries,
    count: (outcome) => requests.inc({ outcome }),
    onFault: (error) => logger.warn('a query of the ClickHouse gateway broke off', { error: String(error) }),
  })
  metrics.gauge('turret_gateway_running_queries', 'Queries that run in the ClickHouse gateway now', () => server.running)
  const listening = await server.start()
  logger.info('ClickHouse gateway started', { host, port: listening })
  return { stop: (signal) => server.stop(signal) }
}
