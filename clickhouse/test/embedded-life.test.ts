import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openClickHouse, startEmbeddedServer, type EmbeddedServer } from '../src/index.ts'
import { isAlive, temporaryDirectory, until } from './support.ts'

let dataDir: string
let cleanUp: (() => Promise<unknown>)[]

beforeEach(async () => {
  const { path, remove } = await temporaryDirectory()
  dataDir = path
  cleanUp = [remove]
})
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step()
})

async function start(
  options: Partial<Parameters<typeof startEmbeddedServer>[0]> = {},
): Promise<{ server: EmbeddedServer; client: ClickHouseClient }> {
  const server = await startEmbeddedServer({ dataDir, ...options })
  const client = createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF } })
  cleanUp.push(
    () => server.stop(),
    () => client.close(),
  )
  return { server, client }
}

const count = async (client: ClickHouseClient): Promise<unknown> => {
  const [row] = await (await client.query({ query: 'SELECT count() AS n FROM t', format: 'JSONEachRow' })).json<{ n: number }>()
  return row?.n
}
const createTable = (client: ClickHouseClient) => client.command({ query: 'CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n' })
const insertOne = (client: ClickHouseClient) => client.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' })

describe('the life of the embedded server', () => {
  it('starts on a directory that has data already', async () => {
    const first = await start()
    await createTable(first.client)
    await insertOne(first.client)
    await first.server.stop()

    const second = await start()

    expect(await count(second.client)).toBe(1)
    expect([first.server.state, second.server.state]).toEqual(['stopped', 'ready'])
  })

  it('comes back on the same address with its data when its process is killed', async () => {
    const states: string[] = []
    const { server, client } = await start({ onStateChange: (state) => states.push(state) })
    await createTable(client)
    await insertOne(client)
    const { pid, url } = server

    process.kill(pid!, 'SIGKILL')
    await until(() => server.restarts === 1 && server.state === 'ready')

    expect(server.pid).not.toBe(pid)
    expect(server.url).toBe(url)
    expect(await count(client)).toBe(1)
    expect(states).toEqual(['ready', 'restarting', 'ready'])
  })

  it('ends with its running queries when it is stopped', async () => {
    const { server, client } = await start()
    const query = client.command({ query: 'SELECT count() FROM numbers(1000000000000)' }).catch((error: unknown) => error)
    await until(
      async () => (await (await client.query({ query: 'SELECT query FROM system.processes', format: 'JSONEachRow' })).json()).length > 1,
    )
    const pid = server.pid!
    const startedAt = Date.now()

    await Promise.all([server.stop(), server.stop()])

    expect(Date.now() - startedAt).toBeLessThan(5000)
    expect(isAlive(pid)).toBe(false)
    expect(await query).toBeInstanceOf(Error)
  })

  it('stops while it is being restarted', async () => {
    const { server } = await start()
    process.kill(server.pid!, 'SIGKILL')
    await until(() => server.state === 'restarting')

    await server.stop()

    expect(server.state).toBe('stopped')
    expect(server.pid === undefined || !isAlive(server.pid)).toBe(true)
  })

  it('ends by itself when its parent is killed, and lets a successor in', async () => {
    const script = join(dataDir, 'parent.mjs')
    const entry = new URL('../dist/index.js', import.meta.url).href
    await writeFile(
      script,
      `const { startEmbeddedServer } = await import(${JSON.stringify(entry)})
       const server = await startEmbeddedServer({ dataDir: ${JSON.stringify(dataDir)} })
       process.send(server.pid)`,
    )
    const parent = fork(script, { execArgv: [] })
    const [pid] = (await once(parent, 'message')) as [number]

    parent.kill('SIGKILL')
    const { client } = await start()

    expect((await client.ping()).success).toBe(true)
    await until(() => !isAlive(pid))
  })

  it('ignores the Ctrl-C that a terminal sends to the whole process group', async () => {
    const { server, client } = await start()

    process.kill(server.pid!, 'SIGINT')
    process.kill(server.pid!, 'SIGTERM')
    await client.command({ query: 'SELECT 1' })

    expect(server.restarts).toBe(0)
  })

  it('does not start on a directory that another server uses, and says so', async () => {
    await start()

    await expect(startEmbeddedServer({ dataDir })).rejects.toThrow(/Cannot lock file/)
  })

  it('does not start on a port that is taken, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    cleanUp.push(async () => other.close())

    await expect(startEmbeddedServer({ dataDir, port: (other.address() as AddressInfo).port })).rejects.toThrow(/EADDRINUSE/)
  })

  it('does not start when told to stop waiting', async () => {
    const signal = AbortSignal.timeout(20)

    await expect(startEmbeddedServer({ dataDir, signal })).rejects.toThrow(/stopped/)
  })

  it('refuses a directory whose name the engine would read as a pattern', async () => {
    await expect(startEmbeddedServer({ dataDir: '/tmp/{a}*' })).rejects.toThrow(RangeError)
  })

  it('removes what a predecessor left in the temporary directory', async () => {
    const db = await openClickHouse({ url: `chdb:${dataDir}` })
    await db.close()
    await writeFile(join(dataDir, 'tmp', 'body-left'), 'x')

    await start()

    expect((await readdir(join(dataDir, 'tmp'))).filter((name) => name.startsWith('body-'))).toEqual([])
    expect(existsSync(join(dataDir, 'clickhouse'))).toBe(true)
  })
})
