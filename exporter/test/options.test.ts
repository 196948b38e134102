import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type DeliveryOptions, defaultDeliveryOptions, resolveDelivery } from '../src/options.ts'
import { version } from '../src/version.ts'

afterEach(() => vi.unstubAllEnvs())

function resolve(options: unknown): () => void {
  return () => void resolveDelivery('init', options as DeliveryOptions)
}

describe('resolveDelivery', () => {
  it('posts to the local collector unless told otherwise', () => {
    const { tracesUrl, headers } = resolveDelivery('init', {})

    expect(tracesUrl).toBe('http://127.0.0.1:4318/v1/traces')
    expect(headers).toEqual({})
  })

  it('reads the address and the key from the environment, and prefers what the call says', () => {
    vi.stubEnv('TURRET_URL', 'https://turret.example')
    vi.stubEnv('TURRET_API_KEY', 'from-env\n')

    expect(resolveDelivery('init', {})).toMatchObject({
      tracesUrl: 'https://turret.example/v1/traces',
      headers: { 'X-API-Key': 'from-env' },
    })
    expect(resolveDelivery('init', { url: 'http://other:1', apiKey: 'mine' })).toMatchObject({
      tracesUrl: 'http://other:1/v1/traces',
      headers: { 'X-API-Key': 'mine' },
    })
  })

  it('takes the base URL with a path, a trailing slash or the whole traces address', () => {
    for (const url of ['http://host/turret', 'http://host/turret/', 'http://host/turret/v1/traces', 'http://host/turret/v1/traces/']) {
      expect(resolveDelivery('init', { url }).tracesUrl).toBe('http://host/turret/v1/traces')
    }
  })

  it('names the option, what came and what is allowed', () => {
    expect(resolve('http://host')).toThrow(new TypeError('init: expected an object of options, got a string'))
    expect(resolve({ url: 'host:4318' })).toThrow(new TypeError('init: url: expected one such as "http://127.0.0.1:4318", got a string'))
    expect(resolve({ apiKey: 'two\nlines' })).toThrow(
      new TypeError('init: apiKey: expected a string that fits an HTTP header, got a string'),
    )
    expect(resolve({ headers: { a: 1 } })).toThrow(
      new TypeError('init: headers: expected an object of strings that fit HTTP headers, got an object'),
    )
    expect(resolve({ flushIntervalMs: 0 })).toThrow(
      new TypeError('init: flushIntervalMs: expected a whole number from 1 to 2147483647, got 0'),
    )
    expect(resolve({ timeoutMs: '5s' })).toThrow(
      new TypeError('init: timeoutMs: expected a whole number from 1 to 2147483647, got a string'),
    )
    expect(resolve({ compression: 'zip' })).toThrow(new TypeError('init: compression: expected "none" or "gzip", got a string'))
    expect(resolve({ flushAtExit: 1 })).toThrow(new TypeError('init: flushAtExit: expected true or false, got a number'))
    expect(resolve({ endpoint: 'http://host' })).toThrow('init: endpoint: unknown, expected one of url, apiKey,')
    expect(resolve({ url: 1, maxQueueSize: 1.5 })).toThrow(/url: .*; maxQueueSize: /u)
  })
})

describe('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

  it('lists every option with its default', () => {
    const rows = Object.fromEntries([...readme.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gmu)].map(([, name, value]) => [name, value]))

    for (const [name, value] of Object.entries(defaultDeliveryOptions)) expect(rows[name]).toContain(`\`${String(value)}\``)
    expect(Object.keys(rows)).toEqual(expect.arrayContaining(['apiKey', 'headers', 'serviceName', 'include']))
  })
})

it('carries the version of package.json', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

  expect(version).toBe(manifest.version)
})
