/** What people do with the gateway: clients, dashboards, alert rules, menus of tools; and where its limits are. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { startEmbeddedServer } from '@turret/clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startTestCollector } from '../running-collector.ts'
import { type TestGateway, ours, startTestGateway } from './support.ts'

const repository = new URL('../../../', import.meta.url)

describe('@clickhouse/client', () => {
  let gateway: TestGateway
  let client: ClickHouseClient
  beforeAll(async () => {
    gateway = await startTestGateway()
    const compression = { request: true, response: true }
    const log = { level: ClickHouseLogLevel.OFF }
    client = createClient({ url: gateway.url, username: 'me', password: ours.key, database: 'turret', compression, log })
  })
  afterAll(async () => {
    await client.close()
    await gateway.collector.dispose()
  })

  it('pings, with a query too', async () => {
    expect([(await client.ping()).success, (await client.ping({ select: true })).success]).toEqual([true, true])
  })

  it('reads rows, with parameters', async () => {
    const result = await client.query({
      query: 'SELECT Text, SessionId FROM v_messages WHERE Text LIKE {text: String} AND UserId IN {users: Array(String)}',
      query_params: { text: '%parcel%', users: ['u-1', "it's"] },
      format: 'JSONEachRow',
    })

    expect(await result.json()).toEqual([{ Text: 'Where is my parcel?', SessionId: 's-1' }])
  })

  it('streams a large result', async () => {
    const result = await client.query({
      query: "SELECT number, repeat('x', 20) FROM system.numbers LIMIT 200000",
      format: 'JSONCompactEachRow',
    })

    let rows = 0
    for await (const chunk of result.stream()) rows += chunk.length
    expect(rows).toBe(200_000)
  })

  it('gets errors with their code and type', async () => {
    await expect(client.query({ query: 'SELECT Nothing FROM v_messages' })).rejects.toMatchObject({
      code: '47',
      type: 'UNKNOWN_IDENTIFIER',
    })
    await expect(client.query({ query: 'SELECT * FROM api_keys' })).rejects.toMatchObject({ code: '497', type: 'ACCESS_DENIED' })
    await expect(client.command({ query: 'DROP TABLE events' })).rejects.toMatchObject({ code: '497' })
    await expect(client.insert({ table: 'events', values: [{ a: 1 }], format: 'JSONEachRow' })).rejects.toMatchObject({ code: '497' })
  })

  it('may set how values are written, and no more', async () => {
    const ask = async (clickhouse_settings: Record<string, string | number>): Promise<string> => {
      const result = await client.query({ query: 'SELECT toUInt64(1) AS n', format: 'JSONEachRow', clickhouse_settings })
      return (await result.text()).trim()
    }

    expect(await ask({ output_format_json_quote_64bit_integers: 1 })).toBe('{"n":"1"}')
    expect(await ask({ output_format_json_quote_64bit_integers: 0, readonly: 0, max_threads: 9 })).toBe('{"n":1}')
  })
})

describe('queries of people and tools', () => {
  let gateway: TestGateway
  beforeAll(async () => void (gateway = await startTestGateway()))
  afterAll(() => gateway.collector.dispose())

  it.each([
    ['SHOW DATABASES', 'turret\n'],
    ['SHOW TABLES FROM "turret"', expect.stringMatching(/^v_messages\nv_sessions\n/)],
    ['show tables', expect.stringContaining('v_transitions')],
    ['DESC TABLE "turret"."v_sessions"', expect.stringContaining('StartedAt\tDateTime64(9)')],
    ['DESCRIBE v_messages', expect.stringContaining('TopicLabel')],
    [
      "SELECT name, type, table FROM system.columns WHERE database IN ('turret') AND table = 'v_sessions' LIMIT 1",
      expect.stringContaining('Project'),
    ],
    [
      'SELECT name, is_aggregate, case_insensitive, alias_to, origin, description, syntax, arguments, returned_value, examples, categories FROM system.functions LIMIT 1',
      expect.stringContaining('\t'),
    ],
    ['SELECT version()', expect.stringMatching(/^\d+\.\d+/)],
    ['SELECT displayName(), version(), revision(), timezone()', expect.stringContaining('UTC')],
    ['SELECT name, value, readonly FROM system.settings LIMIT 1', expect.stringContaining('\t')],
    ['SELECT DISTINCT arrayJoin(Fields.keys) AS keys FROM "turret"."v_messages" LIMIT 1000', 'prompt\n'],
  ])('what Grafana and clients ask to draw their menus: %s', async (sql, answer) => {
    expect(await gateway.ask(sql)).toMatchObject({ status: 200, text: answer })
  })

  it.each([
    'SELECT count() FROM turret.v_messages;',
    '(SELECT 2)',
    'SELECT count() -- how many\nFROM v_messages /* all of them */',
    'SELECT sum(c) FROM (SELECT SessionId, count() AS c FROM v_messages GROUP BY SessionId)',
    'WITH m AS (SELECT * FROM v_messages), n AS (SELECT count() AS c FROM m) SELECT c FROM n',
    "SELECT uniqExactIf(EventId, Text != '') FROM v_messages AS m LEFT JOIN v_sessions AS s ON m.SessionId = s.SessionId",
    'SELECT count() FROM v_messages WHERE SessionId IN (SELECT SessionId FROM v_sessions)',
    "SELECT count() FROM v_messages WHERE Timestamp >= now() - INTERVAL 1 DAY AND Text NOT IN ('a', 'b', 'DROP; --')",
    'SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY SessionId ORDER BY Timestamp) AS n FROM v_messages)',
    "SELECT length(groupArray((Text, 1.5e0, [1, 2][1], map('a', 1)['a'], CAST(1 AS Nullable(UInt8)), 1::UInt8))) FROM v_messages",
    'SELECT (1, (3, 2)).2.2',
    'SELECT arrayCount(x -> x > 0, [1, 2, 0]) AS two',
    'SELECT count() FROM v_messages, v_sessions FORMAT TabSeparated',
    'SELECT 0x02',
    "SELECT 1 + countIf(match(Text, '^\\\\w+ is') OR Text = 'it''s \\' \u2019') FROM v_messages",
    'SELECT count() AS events FROM v_messages GROUP BY SessionId ORDER BY events',
    'SELECT quantile(0.5)(2) FROM v_messages',
    'SELECT if(1 = 1 AND NOT (2 < 1), 2, 0)',
  ])('an ordinary query: %s', async (sql) => {
    expect(await gateway.ask(sql)).toMatchObject({ status: 200, text: '2\n' })
  })

  it('every alert rule', async () => {
    const yaml = await readFile(new URL('grafana-plugin/provisioning/alerting/topics.yaml', repository), 'utf8')
    const { groups } = parse(yaml) as { groups: { rules: { data: { model: { rawSql?: string } }[] }[] }[] }
    const sqls = groups.flatMap(({ rules }) => rules.flatMap(({ data }) => data.flatMap(({ model }) => model.rawSql ?? [])))

    expect(sqls.length).toBeGreaterThan(4)
    for (const sql of sqls) expect(await gateway.ask(sql)).toMatchObject({ status: 200 })
  })

  it('every example of the documentation', async () => {
    const page = await readFile(new URL('docs/sql-views.md', repository), 'utf8')
    const sqls = [...page.matchAll(/```sql\n([^]*?)```/g)].map(([, sql = '']) =>
      sql.replaceAll('$__fromTime', 'toDateTime(1700000000)').replaceAll('$__toTime', 'now()'),
    )

    expect(sqls.length).toBeGreaterThan(2)
    for (const sql of sqls) expect(await gateway.ask(sql)).toMatchObject({ status: 200 })
  })

  it('a query in the URL, and a plain look whether somebody is there', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`grafana:${ours.key}`).toString('base64')}` }

    expect(await (await fetch(`${gateway.url}/?query=SELECT+1`, { headers })).text()).toBe('1\n')
    expect(await (await fetch(`${gateway.url}/ping`)).text()).toBe('Ok.\n')
  })
})

describe('limits', () => {
  let gateway: TestGateway
  const limits = {
    max_execution_time: '1s',
    max_memory: '64MiB',
    max_result_rows: 1000,
    max_concurrent_queries: 1,
    key: 'own',
    project: 'ours',
  }
  beforeAll(async () => void (gateway = await startTestGateway(limits)))
  afterAll(() => gateway.collector.dispose())
  const ask = (sql: string) => gateway.ask(sql, {}, { headers: { 'x-clickhouse-key': 'own' } })

  it.each([
    ['time', 'SELECT count() FROM system.numbers WHERE sipHash64(number) = 1', 'Code: 159'],
    ['rows', 'SELECT number FROM system.numbers LIMIT 5000', 'Code: 396'],
    ['memory', 'SELECT length(groupArray(number)) FROM system.numbers', 'Code: 241'],
  ])('end a query that takes more %s than it may', async (_, sql, code) => {
    const { text } = await ask(sql)

    expect(text).toContain(code)
  })

  it('refuse a query while another runs, and take the next one', async () => {
    const slow = ask('SELECT count() FROM system.numbers WHERE sipHash64(number) = 1')
    await new Promise((resolve) => setTimeout(resolve, 200))

    expect(await ask('SELECT 1')).toMatchObject({ status: 503, text: expect.stringContaining('TOO_MANY_SIMULTANEOUS_QUERIES') })
    await slow
    expect(await ask('SELECT 1')).toMatchObject({ status: 200 })
  })

  it('give a place back when the client goes away', async () => {
    const gone = fetch(`${gateway.url}/`, {
      method: 'POST',
      body: 'SELECT count() FROM system.numbers WHERE sipHash64(number) = 1',
      headers: { 'x-clickhouse-key': 'own' },
      signal: AbortSignal.timeout(200),
    })

    await expect(gone).rejects.toThrow('timeout')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await ask('SELECT 1')).toMatchObject({ status: 200 })
  })

  it('let the gateway’s own key read its project, and no API key', async () => {
    expect(await ask('SELECT DISTINCT Project FROM v_messages')).toMatchObject({ text: 'ours\n' })
    expect(await gateway.ask('SELECT 1')).toMatchObject({ status: 403 })
  })
})

describe('starting', () => {
  const start = (gateway: object, extra: object = {}, env: Record<string, string> = {}) =>
    startTestCollector({
      env,
      config: [
        `yaml:${JSON.stringify({ extensions: { clickhouse_gateway: gateway, ...extra }, service: { extensions: ['clickhouse_gateway'] } })}`,
      ],
    })

  it('is refused on an address that others can reach without a key', async () => {
    await expect(start({ endpoint: '0.0.0.0:0' })).rejects.toThrow('extensions::clickhouse_gateway: listens on 0.0.0.0')
  })

  it('is refused beside a ClickHouse server, which has users of its own', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'turret-server-'))
    const server = await startEmbeddedServer({ dataDir: directory })

    await expect(start({ endpoint: '127.0.0.1:0' }, {}, { TURRET_CLICKHOUSE_URL: `${server.url}/turret` })).rejects.toThrow(
      'embedded engine',
    )

    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })

  it('is possible on loopback without a key, for the development project alone', async () => {
    const collector = await start({ endpoint: '127.0.0.1:0' })
    const port = /"ClickHouse gateway started".*"port":(\d+)/.exec(collector.log.join('\n'))?.[1]

    expect(await (await fetch(`http://127.0.0.1:${port}/?query=SELECT+count()+FROM+v_messages`)).text()).toBe('0\n')
    await collector.dispose()
  })
})
