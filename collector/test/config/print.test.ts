import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { formatConfigError } from '../../src/config/config-error.ts'
import { definitions } from '../../src/config/definitions.ts'
import { describeComponents, printConfig } from '../../src/config/print-config.ts'
import { errorOf, load, minimal } from './load.ts'

const secret = 'hunter2'

describe('printConfig', () => {
  it('prints the merged and expanded document', async () => {
    const config = await load([minimal, 'yaml:processors::batch::timeout: ${env:T}'], { env: { T: '7s' } })

    expect(parse(printConfig(config))).toMatchObject({ receivers: { track: null }, processors: { batch: { timeout: '7s' } } })
  })

  it('hides every secret', async () => {
    const yaml = `yaml:
exporters:
  clickhouse: {endpoint: "http://user:\${env:SECRET}@host/db", password: "\${env:SECRET}"}
  otlp_http: {endpoint: "http://h", headers: {authorization: "Bearer \${env:SECRET}"}}
connectors:
  topics: {embedding: {openai: {api_key: "\${env:SECRET}"}}, labels: {llm: {api_key: "\${env:SECRET}"}}}
extensions:
  api_keys: {keys: [{key: "\${env:SECRET}"}]}
  clickhouse_gateway: {key: "\${env:SECRET}"}
`

    const config = await load([minimal, yaml], { env: { SECRET: secret } })

    expect(printConfig(config)).not.toContain(secret)
    expect(printConfig(config).match(/\[REDACTED\]/g)).toHaveLength(7)
    expect(config.extensions.get('clickhouse_gateway')?.config).toMatchObject({ key: secret })
  })
})

describe('describeComponents', () => {
  it('lists every component with the signals it takes', () => {
    const components = parse(describeComponents(definitions)) as Record<string, unknown[]>

    expect(Object.keys(components)).toEqual(['receivers', 'processors', 'exporters', 'connectors', 'extensions'])
    expect(components['exporters']).toContainEqual({ name: 'otlp_http', aliases: ['otlphttp'], signals: ['traces', 'logs'] })
    expect(components['connectors']).toEqual([{ name: 'topics', signals: ['traces-to-logs', 'logs-to-logs'] }])
    expect(components['extensions']).toContainEqual({ name: 'health_check' })
  })
})

describe('formatConfigError', () => {
  it('shows the place, the line with a caret and what may have been meant', async () => {
    const error = await errorOf([`${minimal}processors:\n  batch:\n    timeout: 5\nexporterz:\n`])

    expect(formatConfigError(error!)).toBe(`processors::batch::timeout: expected a duration such as "200ms", got 5
  yaml::13:14
   13 |     timeout: 5
      |              ^

has invalid keys: exporterz
  yaml::14:1
   14 | exporterz:
      | ^
  did you mean "exporters"?

2 faults in the configuration`)
  })

  it('keeps the caret under its letter behind tabs', async () => {
    const error = await errorOf([minimal, 'yaml:processors: {batch: {\ttimeout: 5}}'])

    expect(formatConfigError(error!)).toContain('      |                      \t         ^')
  })

  it('uses colours only when asked to', async () => {
    const error = await errorOf(['nowhere.yaml'])

    expect(formatConfigError(error!)).not.toContain('\u001B')
    expect(formatConfigError(error!, { color: true })).toContain('\u001B')
  })

  it.each([
    `exporters::clickhouse: {pasword: ${secret}}`,
    `exporters::clickhouse: {password: [${secret}]}`,
    `exporters::clickhouse::password: {a: ${secret}}`,
    `exporters::clickhouse::endpoint: "tcp://u:${secret}@h"`,
    `exporters::clickhouse: {password: ${secret}, ttl: 5}`,
    `exporters::kafka: {sasl: ${secret}}`,
    `extensions::api_keys::keys: [{key: ${secret}, scopes: [x]}]`,
    `extensions::api_keyz::keys: [{key: ${secret}}]`,
    `exporters::otlp_http: {headers: {authorization: ${secret}}}`,
    `exporters::otlp_http: {endpoint: "http://h", headers: {authorization: ["Bearer ${secret}"]}}`,
    `exporterz::x: ${secret}`,
  ])('shows no secret: %s', async (yaml) => {
    const error = await errorOf([minimal, `yaml:${yaml}`])

    expect(formatConfigError(error!)).not.toContain(secret)
    expect(JSON.stringify(error!.faults)).not.toContain(secret)
    expect(error!.message).not.toContain(secret)
  })
})
