import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { componentKinds } from '../../src/config/component.ts'
import { apiKeys } from '../../src/config/components/api-keys.ts'
import { type ClickHouseExporterConfig, clickhouseExporter } from '../../src/config/components/clickhouse-exporter.ts'
import { otlpReceiver } from '../../src/config/components/otlp-receiver.ts'
import { type TopicsConnectorConfig, topicsConnector } from '../../src/config/components/topics-connector.ts'
import { definitions } from '../../src/config/definitions.ts'
import { type Field, fieldsOf } from '../../src/config/fields.ts'
import { isKnownToCollector } from '../../src/config/known-components.ts'
import { configOf, faultsOf, load, minimal } from './load.ts'

/** The defaults of a schema as somebody would write them out. */
function writtenOut(fields: readonly Field[]): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const { path, default: value } of fields) {
    if (value === undefined || path.includes('*')) continue
    let map = body
    for (const key of path.slice(0, -1)) map = (map[key] ??= {}) as Record<string, unknown>
    map[path.at(-1)!] ??= structuredClone(value)
  }
  return body
}

describe('every component', () => {
  // What a component cannot do without, so that its other keys show their defaults.
  const needed: Readonly<Record<string, string>> = {
    otlp: '{protocols: {http: }}',
    memory_limiter: '{limit_mib: 1}',
    otlp_http: '{endpoint: "http://localhost"}',
  }

  it.each(definitions.map((definition) => [`${definition.kind}.${definition.type}`, definition] as const))(
    '%s means the same with its defaults left out and written out',
    async (_name, { kind, type, schema }) => {
      const defaults = writtenOut(fieldsOf(schema))
      if (type === 'otlp') delete (defaults['protocols'] as Record<string, unknown>)['grpc']
      if (type === 'query_api') delete defaults['cors']
      if (type === 'otlp') delete (defaults['protocols'] as { http: Record<string, unknown> }).http['cors']
      const body = `yaml:${kind}::${type}: ${needed[type] ?? '{}'}`

      const leftOut = await load([minimal, body])
      const written = await load([minimal, `yaml:${stringify({ [kind]: { [type]: defaults } })}`, body])

      expect(Object.keys(defaults).length + Number(type === 'otlp')).toBeGreaterThan(0)
      expect(written[kind].get(type)?.config).toEqual(leftOut[kind].get(type)?.config)
    },
  )

  it('is described key by key', () => {
    const silent = definitions.flatMap(({ type, schema }) =>
      fieldsOf(schema)
        .filter(({ path, default: fallback, description }) => path.at(-1) !== '*' && description === '' && typeof fallback !== 'object')
        .map(({ path }) => `${type}.${path.join('.')}`),
    )

    expect(silent).toEqual([])
  })

  it('is not on the list of those that Turret has not', () => {
    expect(definitions.filter(({ kind, type }) => isKnownToCollector(kind, type))).toEqual([])
  })

  it('has its own name within its section', () => {
    for (const kind of componentKinds) {
      const names = definitions
        .filter((definition) => definition.kind === kind)
        .flatMap(({ type, aliases }) => [type, ...(aliases ?? []).map(({ name }) => name)])

      expect(new Set(names).size).toBe(names.length)
    }
  })
})

describe('receivers.otlp', () => {
  it('is read into camelCase keys with their units', async () => {
    const yaml =
      'yaml:receivers::otlp::protocols: {http: {endpoint: "[::1]:1", max_request_body_size: 1KiB, idle_timeout: 2s, cors: {max_age: 9}, tls: {cert_file: c, key_file: k}}, grpc: }'

    const { protocols } = configOf(await load([minimal, yaml]), otlpReceiver)

    expect(protocols.http?.endpoint).toEqual({ host: '::1', port: 1 })
    expect(protocols.http?.maxRequestBodySizeBytes).toBe(1024)
    expect(protocols.http?.idleTimeoutMs).toBe(2000)
    expect(protocols.http?.cors).toEqual({ allowedOrigins: [], allowedHeaders: [], maxAgeSeconds: 9 })
    expect(protocols.http?.tls).toEqual({ certFile: 'c', keyFile: 'k' })
    expect(protocols.grpc?.endpoint).toEqual({ host: '127.0.0.1', port: 4317 })
  })
})

describe('exporters.clickhouse', () => {
  const read = async (endpoint: string): Promise<ClickHouseExporterConfig> =>
    configOf(
      await load([minimal, `yaml:exporters::clickhouse: {endpoint: "${endpoint}", database: d, username: u, password: p}`]),
      clickhouseExporter,
    )

  it('keeps data in a directory', async () => {
    expect(await read('chdb:./some dir')).toMatchObject({ target: { kind: 'embedded', directory: './some dir' }, database: 'd' })
  })

  it('takes database and credentials from the URL, and from the keys where the URL has none', async () => {
    expect(await read('http://a%40b:c%2Fd@host:8123/events')).toMatchObject({
      target: { kind: 'server', url: 'http://host:8123' },
      database: 'events',
      username: 'a@b',
      password: 'c/d',
    })
    expect(await read('https://host:8443')).toMatchObject({
      target: { kind: 'server', url: 'https://host:8443' },
      database: 'd',
      username: 'u',
      password: 'p',
    })
  })

  it.each(['chdb:', 'http://', 'http://h/a/b', 'http://h/db?x=1', 'http://%zz@h', 'http://h/1db', 'ftp://h', '/data'])(
    'refuses the endpoint "%s"',
    async (endpoint) => {
      const [fault] = await faultsOf([minimal, `yaml:exporters::clickhouse::endpoint: "${endpoint}"`])

      expect(fault?.message).toContain('expected "chdb:<directory>" or ')
    },
  )
})

describe('exporters.otlphttp', () => {
  it('is the old name of otlp_http, still taken, with a warning', async () => {
    const config = await load([
      minimal,
      'yaml:{exporters: {otlphttp/x: {endpoint: "http://h"}}, service: {pipelines: {traces: {exporters: [otlphttp/x]}}}}',
    ])

    expect(config.exporters.get('otlphttp/x')).toMatchObject({ type: 'otlp_http', name: 'x' })
    expect(config.warnings).toEqual(['exporters::otlphttp/x: "otlphttp" is a deprecated name of "otlp_http"'])
  })
})

describe('connectors.topics', () => {
  const llmOf = async (body: string): Promise<TopicsConnectorConfig['labels']['llm']> =>
    configOf(await load([minimal, `yaml:connectors::topics: ${body}`]), topicsConnector).labels.llm

  it('asks no language model without a key and a server, or where it is off', async () => {
    expect(await llmOf('{}')).toBe('off')
    expect(await llmOf('{labels: {llm: {model: m}}}')).toBe('off')
    expect(await llmOf('{labels: {llm: off}}')).toBe('off')
  })

  it('asks a language model with a key, or with a server that needs none', async () => {
    expect(await llmOf('{labels: {llm: {api_key: k}}}')).toMatchObject({ apiKey: 'k', monthlyBudgetUsd: 5, timeoutMs: 30_000 })
    expect(await llmOf('{labels: {llm: {base_url: "http://localhost:11434/v1"}}}')).toMatchObject({ baseUrl: 'http://localhost:11434/v1' })
  })
})

describe('extensions.api_keys', () => {
  it('refuses a key from a variable that is not set, instead of taking an empty one', async () => {
    for (const reference of ['"${env:NONE}"', '"${env:NONE:-}"', '""']) {
      const faults = await faultsOf([minimal, `yaml:extensions::api_keys::keys: [{key: ${reference}}]`])

      expect(faults[0]?.path).toBe('extensions::api_keys::keys::0::key')
    }
  })

  it('takes a key that looks like a number', async () => {
    const config = await load([minimal, 'yaml:extensions::api_keys::keys: [{key: "${env:KEY}", scopes: [read]}]'], { env: { KEY: '0042' } })

    expect(configOf(config, apiKeys).keys).toEqual([{ key: '0042', kAnonymity: 0, monthlyQuota: 0, project: 'default', scopes: ['read'] }])
  })
})
