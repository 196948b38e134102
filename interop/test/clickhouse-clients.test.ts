/** Clients of ClickHouse, told only address and key, read the views through the gateway; clickhouse-go writes to the embedded server too. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestGateway, ours, startTestGateway } from '../../collector/test/gateway/support.ts'
import { buildClickHouseGo, installPython, interop } from './install.ts'
import { hasProgram, run } from './run.ts'

const [hasGo, hasPython] = [await hasProgram('go', ['version']), await hasProgram('python3', ['--version'])]

describe('a client of ClickHouse', () => {
  let gateway: TestGateway
  let env: Record<string, string>
  beforeAll(async () => {
    gateway = await startTestGateway()
    const server = new URL(gateway.collector.db.url)
    env = {
      GATEWAY: new URL(gateway.url).host,
      GATEWAY_KEY: ours.key,
      SERVER: server.host,
      SERVER_PASSWORD: decodeURIComponent(server.password),
    }
  })
  afterAll(() => gateway.collector.dispose())

  it.runIf(hasGo)(
    'clickhouse-go over HTTP with gzip, as in Grafana’s official data source',
    async () => {
      const executable = await buildClickHouseGo()

      const got = JSON.parse(await run(executable, [], { cwd: interop, env })) as Record<string, unknown>

      expect(got).toEqual({
        text: 'Where is my parcel?',
        session: 's-1',
        age: expect.closeTo(30, -2),
        fields: { prompt: 'Where is my parcel?' },
        path: 1,
        rows: 200_000,
        tables: 6,
        denied: expect.stringContaining('ACCESS_DENIED'),
        unknown: expect.stringContaining('UNKNOWN_IDENTIFIER'),
        inserted: 10_000,
      })
    },
    1_800_000,
  )

  it.runIf(hasPython)(
    'clickhouse-connect, as it is by default',
    async () => {
      const python = await installPython()

      const got = JSON.parse(await run(python, [join(interop, 'apps/clickhouse_connect_client.py')], { cwd: interop, env })) as unknown

      expect(got).toEqual({
        ping: true,
        messages: [['Where is my parcel?', 's-1', { prompt: 'Where is my parcel?' }]],
        serverSide: [[2]],
        rows: 100_000,
        last: [99_999, '4', [99_999], { k: 99_999 }],
        tables: 6,
        denied: expect.stringContaining('ACCESS_DENIED'),
        unknown: expect.stringContaining('UNKNOWN_IDENTIFIER'),
      })
    },
    1_800_000,
  )
})
