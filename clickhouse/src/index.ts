// The package's contents page.

export { checkServer, minServerVersion } from './check-server.ts'
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
export { copyDatabase, type CopiedTable } from './copy-database.ts'
export {
  startEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
  type EmbeddedServerState,
  type Logger,
} from './embedded/server.ts'
export { toStringLiteral } from './embedded/literal.ts'
export { toClickHouseError, type ClickHouseFailure } from './errors.ts'
export { fillIn, migrate, type MigrateOptions } from './migrate.ts'
export { loadFormat, loadQuery } from './queries.ts'
