import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { clickhouseExporter } from '../../src/config/components/clickhouse-exporter.ts'
import { otlpReceiver } from '../../src/config/components/otlp-receiver.ts'
import { topicsConnector } from '../../src/config/components/topics-connector.ts'
import { configOf, load } from './load.ts'

const shipped = fileURLToPath(new URL('../../../otel-config.yaml', import.meta.url))

describe('the shipped otel-config.yaml', () => {
  it('runs as it is: on loopback, embedded, offline', async () => {
    const config = await load([shipped])

    expect(config.warnings).toEqual([])
    expect(configOf(config, otlpReceiver).protocols.http?.endpoint).toEqual({ host: '127.0.0.1', port: 4318 })
    expect(configOf(config, clickhouseExporter).target).toEqual({ kind: 'embedded', directory: './data' })
    expect(configOf(config, topicsConnector).labels.llm).toBe('off')
    expect([...config.service.pipelines.keys()]).toEqual(['traces', 'logs', 'logs/events'])
  })

  it('honours its environment variables', async () => {
    const config = await load([shipped], {
      env: {
        TURRET_LISTEN: '0.0.0.0:80',
        TURRET_CLICKHOUSE_URL: 'http://u:p@h:8123/db',
        OPENAI_API_KEY: 'k',
        OPENAI_BASE_URL: 'http://llm/v1',
      },
    })

    expect(configOf(config, otlpReceiver).protocols.http?.endpoint).toEqual({ host: '0.0.0.0', port: 80 })
    expect(configOf(config, clickhouseExporter)).toMatchObject({
      database: 'db',
      username: 'u',
      password: 'p',
    })
    expect(configOf(config, topicsConnector).labels.llm).toMatchObject({
      apiKey: 'k',
      baseUrl: 'http://llm/v1',
    })
  })

  it('puts the embedded database where TURRET_DATA_DIR says', async () => {
    const config = await load([shipped], { env: { TURRET_DATA_DIR: '/var/lib/turret' } })

    expect(configOf(config, clickhouseExporter).target).toEqual({
      kind: 'embedded',
      directory: '/var/lib/turret',
    })
  })

  it('names every variable it takes in its comments', async () => {
    const text = await readFile(shipped, 'utf8')
    const comments = text.split('\n').filter((line) => line.trimStart().startsWith('#'))
    const names = [...text.matchAll(/\$\{env:([A-Z_]+)/g)].map(([, name]) => name!)

    expect(names.filter((name) => name !== 'NAME' && !comments.join('\n').includes(name))).toEqual([])
  })
})
