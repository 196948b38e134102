// The engine's npm package, an optional dependency.

import { EngineError, errorCodes } from './engine-error.ts'

export type Chdb = typeof import('chdb')
export type Session = InstanceType<Chdb['Session']>

/** @throws EngineError that says what to do where chdb is not installed */
export async function loadChdb(load: () => Promise<Chdb> = () => import('chdb')): Promise<Chdb> {
  try {
    return await load()
  } catch (cause) {
    throw new EngineError(
      errorCodes.notImplemented,
      `the embedded engine (npm package chdb) is not available on ${process.platform}-${process.arch}: it runs on Linux with glibc and on macOS. ` +
        'Set TURRET_CLICKHOUSE_URL to a ClickHouse server to run without it',
      { cause },
    )
  }
}
