// The package's contents page.

export {
  defaultDatabase,
  openClickHouse,
  type ClickHouse,
  type InsertBody,
  type InsertOptions,
  type OpenOptions,
  type QueryOptions,
  type Settings,
} from './client.ts'
export {
  startEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
  type EmbeddedServerState,
  type Logger,
} from './embedded/server.ts'
export { toClickHouseError, type ClickHouseFailure } from './errors.ts'
export { fillIn, migrate, type MigrateOptions } from './migrate.ts'
export { loadFormat, loadQuery } from './queries.ts'
