/** What someone with a valid key of one project may try to reach more than its views. Every one is refused before the engine sees it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestGateway, anonymous, ingestOnly, planted, startTestGateway } from './support.ts'

const statements: readonly string[] = [
  // other statements
  'INSERT INTO turret.api_keys VALUES (1)',
  'DROP TABLE turret.events',
  'ALTER TABLE turret.events DELETE WHERE 1',
  'CREATE TABLE x (a UInt8) ENGINE = Memory',
  'SET readonly = 0',
  'USE system',
  'SYSTEM SHUTDOWN',
  'KILL QUERY WHERE 1',
  'EXPLAIN SELECT * FROM turret.api_keys',
  "BACKUP TABLE turret.events TO File('/tmp/x')",
  'WITH x AS (SELECT 1) INSERT INTO turret.api_keys SELECT * FROM x',
  'FROM turret.api_keys SELECT *',
  'EXISTS TABLE turret.api_keys',
  'SELECT 1 PARALLEL WITH DROP TABLE turret.events',
  // several statements
  'SELECT 1; DROP TABLE turret.events',
  'SELECT 1;;SELECT 2',
  'SELECT 1 /* ; */ ; -- x\nSELECT * FROM turret.api_keys',
  'SELECT 1)\n; DROP TABLE turret.events',
  // files written
  "SELECT 1 INTO OUTFILE '/tmp/turret-attack'",
  "SELECT 1 INTO/**/OUTFILE '/tmp/turret-attack' TRUNCATE FORMAT CSV",
  "SELECT * FROM (SELECT 1 INTO OUTFILE '/tmp/turret-attack')",
  // settings
  'SELECT 1 SETTINGS readonly = 0',
  'SELECT * FROM (SELECT * FROM v_messages SETTINGS readonly = 0)',
  'SELECT * FROM (SELECT * FROM v_messages SETTINGS additional_table_filters = {})',
  'SELECT * FROM (SELECT * FROM v_messages sEtTiNgS/**/additional_table_filters={})',
  "SELECT * FROM v_messages WHERE 1 IN (SELECT 1 FROM v_messages SETTINGS additional_table_filters={'turret.events':'1'})",
  "SELECT getSetting('additional_table_filters')",
  // files and the network read
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  "SELECT file('/etc/passwd')",
  "SELECT FILE('/etc/passwd')",
  "SELECT `file`('/etc/passwd')",
  `SELECT "file"('/etc/passwd')`,
  "SELECT file/* */('/etc/passwd')",
  "SELECT * FROM (SELECT * FROM file('/etc/passwd', 'LineAsString'))",
  "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
  "SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV')",
  "SELECT * FROM remote('127.0.0.1', 'turret', 'events')",
  "SELECT * FROM remoteSecure('127.0.0.1', turret.events)",
  "SELECT * FROM cluster('default', turret.events)",
  "SELECT * FROM clusterAllReplicas('default', turret.events)",
  "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
  "SELECT * FROM executable('x.sh', 'CSV', 'a String')",
  "SELECT * FROM sqlite('/etc/x.db', 't')",
  'SELECT * FROM `/etc/passwd`',
  'SELECT * FROM default.`/etc/passwd`',
  "SELECT * FROM '/etc/passwd'",
  "SELECT aiGenerate('c', 'hello')",
  // table functions over our own tables, in every position
  "SELECT * FROM merge('turret', '.*')",
  'SELECT * FROM view(SELECT * FROM turret.events)',
  'SELECT * FROM loop(turret.events)',
  "SELECT * FROM mergeTreeIndex('turret', 'events')",
  "SELECT * FROM v_messages JOIN merge('turret', '.*') AS m ON 1",
  "SELECT * FROM v_messages, merge('turret', '.*')",
  "SELECT * FROM v_messages AS v, (merge('turret', 'events'))",
  "SELECT 1 IN merge('turret', 'events')",
  "SELECT (SELECT count() FROM merge('turret', 'events'))",
  "WITH x AS (SELECT * FROM merge('turret', 'events')) SELECT * FROM x",
  "SELECT * FROM (((merge('turret', 'events'))))",
  "SELECT * FROM dictionary('turret.anchor_topics_now')",
  // keywords as aliases, which would seem to end the list of tables
  'SELECT * FROM v_messages AS WHERE, api_keys',
  'SELECT * FROM v_messages AS ARRAY JOIN api_keys ON 1',
  'SELECT * FROM v_messages AS `WHERE`, api_keys',
  'SELECT * FROM v_messages AS x FINAL, api_keys',
  'SELECT * FROM v_messages GROUP, api_keys',
  'SELECT 1 AS api_keys FROM v_messages AS LIMIT, api_keys',
  // numbers that run into words
  'SELECT * FROM (SELECT 0x1.SETTINGS readonly = 0)',
  'SELECT * FROM (SELECT 1.SETTINGS readonly = 0)',
  'SELECT * FROM (SELECT 1e1.SETTINGS readonly = 0)',
  'SELECT * FROM (SELECT 1 AS system.SETTINGS readonly = 0)',
  // other tables
  'SELECT * FROM turret.events',
  'SELECT * FROM events',
  'SELECT * FROM "events"',
  'SELECT * FROM turret . events',
  'SELECT * FROM turret/**/./**/events',
  'SELECT * FROM `turret`.`api_keys`',
  'SELECT * FROM api_keys',
  'SELECT * FROM v_messages, api_keys',
  'SELECT * FROM v_messages ARRAY JOIN [1] AS x, api_keys JOIN api_keys ON 1',
  'SELECT * FROM v_messages LEFT JOIN turret.api_keys ON 1',
  'SELECT * FROM v_messages UNION ALL SELECT * FROM turret.api_keys',
  'SELECT * FROM v_messages EXCEPT SELECT * FROM turret.api_keys',
  'SELECT 1 IN turret.api_keys',
  "SELECT 'x' IN api_keys",
  "SELECT 'x' GLOBAL NOT IN api_keys",
  "SELECT 'x' IN (api_keys)",
  "SELECT in('x', turret.api_keys)",
  "SELECT in('x', api_keys)",
  "SELECT notIn('x', api_keys)",
  'WITH x AS (WITH y AS (SELECT * FROM turret.api_keys) SELECT * FROM y) SELECT * FROM x',
  'WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT KeyHash FROM turret.api_keys) SELECT * FROM r',
  'SELECT * FROM (WITH api_keys AS (SELECT 1) SELECT * FROM api_keys) AS a, api_keys',
  'WITH v_messages AS (SELECT 1) SELECT * FROM v_messages',
  'SELECT turret.api_keys.KeyHash FROM v_messages',
  'SELECT * FROM system.processes',
  'SELECT * FROM system.query_log',
  'SELECT * FROM system.named_collections',
  'SELECT * FROM information_schema.tables',
  'SELECT * FROM INFORMATION_SCHEMA.columns',
  'SHOW CREATE TABLE turret.events',
  'SHOW TABLES FROM system',
  'SHOW PROCESSLIST',
  'DESCRIBE TABLE turret.api_keys',
  "DESCRIBE TABLE file('/etc/passwd')",
  'DESCRIBE (SELECT * FROM turret.api_keys)',
  'SELECT * FROM (DESCRIBE TABLE turret.api_keys)',
  'SELECT * FROM (SHOW TABLES FROM system)',
  'SELECT * FROM (EXPLAIN SELECT * FROM turret.api_keys)',
  // functions that reach beyond their arguments
  "SELECT dictGet('turret.anchor_topics_now', 'TopicId', 1)",
  "SELECT dictGetOrDefault('turret.anchor_topics_now', 'TopicId', 1, 0)",
  "SELECT joinGet('turret.x', 'y', 1)",
  "SELECT hasColumnInTable('turret', 'api_keys', 'KeyHash')",
  'SELECT sleep(3)',
  'SELECT hostName()',
  "SELECT getMacro('x')",
  "SELECT catboostEvaluate('/etc/passwd', 1)",
  'SELECT regionToName(1)',
  'SELECT * APPLY(file) FROM v_messages',
  'SELECT * APPLY file FROM v_messages',
  "SELECT COLUMNS('.*') APPLY(x -> file(x)) FROM v_messages",
  "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
  "WITH (x -> file(x)) AS f SELECT f('/etc/passwd')",
  // formats
  'SELECT 1 FORMAT Template',
  'SELECT 1 FORMAT Protobuf',
  'SELECT 1 FORMAT CapnProto',
  'SELECT * FROM (SELECT 1 FORMAT CSV)',
  "SELECT 1 FORMAT CSV SETTINGS format_schema = '/etc/passwd'",
  'SELECT 1 FORMAT MySQLWire',
  // what two readers of SQL could take differently
  'SELECT /* /* */ * FROM turret.api_keys -- */',
  'SELECT 1 /* not closed',
  "SELECT 'not closed",
  "SELECT '\\\\' AS a, * FROM turret.api_keys -- '",
  "SELECT '''' AS a, * FROM turret.api_keys -- '",
  'SELECT `a\\` FROM turret.api_keys --`',
  'SELECT * FROM `turret``x`.`y`',
  'SELECT * FROM \u2018turret\u2019.events',
  'SELECT \u201Ca\u201D FROM turret.api_keys',
  'SELECT *\u00A0FROM\u00A0turret.api_keys',
  'SELECT * FROM tur\u200Bret.api_keys',
  'SELECT * FROM \uFF54urret.api_keys',
  'SELECT 1 # comment\n FROM turret.api_keys',
  "SELECT $$ ' $$, * FROM turret.api_keys",
  'SELECT $x$ a $x$',
  'SELECT 1 \\G',
  'SELECT @@version',
  'SELECT 1\0; DROP TABLE turret.events',
  'SELECT 1\n\nINSERT INTO turret.api_keys VALUES (1)',
  '',
  ';',
  '(((((',
]

const requests: readonly (readonly [name: string, parameters: Record<string, string>, sql: string])[] = [
  ['a name as a parameter', { param_t: 'turret.api_keys' }, 'SELECT * FROM {t: Identifier}'],
  ['a column as a parameter', { param_c: 'KeyHash' }, 'SELECT {c:identifier} FROM v_messages'],
  ['a parameter in place of a table', { param_t: 'api_keys' }, 'SELECT * FROM {t: String}'],
  ['a query in the URL before the body', { query: 'SELECT * FROM turret.api_keys' }, 'SELECT 1'],
  ['a query in the URL that goes on in the body', { query: 'SELECT * FROM ' }, 'turret.api_keys'],
  ['another database', { database: 'system' }, 'SELECT 1'],
  ['a format that reads a template', { default_format: 'Template', format_template_row: '/etc/passwd' }, 'SELECT 1'],
  ['compressed blocks', { compress: '1' }, 'SELECT 1'],
]

describe('the gateway', () => {
  let gateway: TestGateway
  beforeAll(async () => void (gateway = await startTestGateway()))
  afterAll(() => gateway.collector.dispose())

  it('is attacked in more than sixty ways', () => {
    expect(new Set(statements).size + requests.length).toBeGreaterThan(60)
  })

  it.each(statements)('refuses: %j', async (sql) => {
    expect(await gateway.ask(sql)).toMatchObject(refusal)
  })

  it.each(requests)('refuses %s', async (_, parameters, sql) => {
    expect(await gateway.ask(sql, parameters)).toMatchObject(refusal)
  })

  it.each([
    ['an unknown key', { 'x-clickhouse-key': 'guess' }],
    ['a key that may only send', { 'x-clickhouse-key': ingestOnly }],
    ['a key with k-anonymity', { 'x-clickhouse-key': anonymous }],
    ['multipart bodies', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['an encoding it does not know', { 'content-encoding': 'lz4' }],
    ['another database in a header', { 'x-clickhouse-database': 'system' }],
    ['a format in a header', { 'x-clickhouse-format': 'Template' }],
  ])('refuses %s', async (_, headers) => {
    expect(await gateway.ask('SELECT 1', {}, { headers })).toMatchObject(refusal)
  })

  it.each([
    ['a query without a key', () => fetch(`${gateway.url}/?query=SELECT+1`), 401],
    ['a query that is too long', () => gateway.ask(`SELECT '${'x'.repeat(300_000)}'`), 413],
    [
      'a body that grows when it is unpacked',
      async () => gateway.ask('', {}, { body: await bomb(), headers: { 'content-encoding': 'gzip' } }),
      413,
    ],
    ['other methods', () => gateway.ask('', {}, { method: 'DELETE' }), 405],
    ['other paths', () => fetch(`${gateway.url}/replicas_status`), 404],
  ] as const)('refuses %s', async (_, send, status) => {
    expect((await send()).status).toBe(status)
  })

  it('counted them all, and none reached the engine', async () => {
    const metrics = await (await fetch(`${gateway.collector.url}/metrics`)).text()

    const refused = Number(/turret_gateway_requests\{outcome="refused"\} (\d+)/.exec(metrics)?.[1])
    expect(refused).toBeGreaterThanOrEqual(statements.length + requests.length)
    expect(metrics.match(/^turret_gateway_requests.*/gm)).toHaveLength(1) // no other outcome
  })

  it('wrote nothing of them into the log', () => {
    expect(gateway.collector.log.join('\n')).not.toMatch(/passwd|api_keys|SELECT/)
  })
})

describe('the rows of another project', () => {
  let gateway: TestGateway
  beforeAll(async () => void (gateway = await startTestGateway()))
  afterAll(() => gateway.collector.dispose())

  it.each([
    "SELECT * FROM v_messages WHERE Project = 'theirs'",
    "SELECT * FROM v_messages WHERE 1 OR Project = 'theirs'",
    'SELECT * FROM turret.v_messages UNION ALL SELECT * FROM v_messages',
    'SELECT * FROM v_sessions',
    'SELECT * FROM v_topic_activity',
    'SELECT * FROM v_transitions',
    'SELECT * FROM v_topic_spike',
    'SELECT * FROM v_topic_redirects',
    'SELECT DISTINCT Project FROM v_messages',
    'SELECT a.Text, b.Text FROM v_messages AS a CROSS JOIN v_messages AS b',
    'WITH m AS (SELECT * FROM v_messages) SELECT groupArray(Text) FROM m WHERE SessionId IN (SELECT SessionId FROM v_sessions)',
    "SELECT * FROM v_messages WHERE SessionId = 's-quokkazebra'",
    'SELECT count() FROM v_messages HAVING count() != 2',
    'SELECT max(Text), min(Text), any(Project) FROM v_messages',
    'SELECT * FROM system.tables',
    'SELECT * FROM system.columns',
  ])('do not show in: %s', async (sql) => {
    const { status, text } = await gateway.ask(sql, { default_format: 'JSONEachRow' })

    expect(status).toBe(200)
    expect(text).not.toContain('theirs')
    expect(text).not.toContain(`the ${planted}`)
  })

  it('do not show behind a quote that a backslash keeps open', async () => {
    expect(await gateway.ask("SELECT '\\' , * FROM turret.events -- '")).toMatchObject({
      status: 200,
      text: "\\' , * FROM turret.events -- \n",
    })
  })

  it('are there for the key of that project', async () => {
    const { text } = await gateway.ask('SELECT Project, Text FROM v_messages', {}, { headers: { 'x-clickhouse-key': 'key-of-theirs' } })

    expect(text).toBe(`theirs\tthe ${planted} parcel\n`)
  })
})

const refusal = {
  status: expect.toSatisfy((status: number) => status >= 400 && status < 502),
  text: expect.stringMatching(/^Code: \d+\. DB::Exception: .+ \([A-Z_]+\)\n$/),
}

async function bomb(): Promise<Buffer> {
  const { gzipSync } = await import('node:zlib')
  return gzipSync(Buffer.alloc(10_000_000, ' '))
}
