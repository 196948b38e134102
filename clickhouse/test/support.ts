// What the tests share: a fresh embedded ClickHouse in a directory of its own, and waiting for something to become true.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { openClickHouse, startEmbeddedServer, type ClickHouse, type EmbeddedServer } from '../src/index.ts'

export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'turret-test-'))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** An open database `turret`, with its directory. */
export async function openTestClickHouse(): Promise<{ db: ClickHouse; directory: string; close: () => Promise<void> }> {
  const { path, remove } = await temporaryDirectory()
  const db = await openClickHouse({ url: `chdb:${path}` })
  await db.command('CREATE DATABASE turret ENGINE = Atomic', { database: 'default' })
  const close = async (): Promise<void> => {
    await db.close()
    await remove()
  }
  return { db, directory: path, close }
}

/** A server with the plain client that anyone would use. */
export async function startTestServer(): Promise<{ server: EmbeddedServer; client: ClickHouseClient; close: () => Promise<void> }> {
  const { path, remove } = await temporaryDirectory()
  const server = await startEmbeddedServer({ dataDir: path })
  const client = createClient({ url: server.url, compression: { request: true, response: true }, log: { level: ClickHouseLogLevel.OFF } })
  const close = async (): Promise<void> => {
    await client.close()
    await server.stop()
    await remove()
  }
  return { server, client, close }
}

/** Asks again until the answer is true. @throws Error after `patienceMs` */
export async function until(isTrue: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not true within ${patienceMs} ms: ${isTrue.toString()}`)
    await sleep(25)
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
