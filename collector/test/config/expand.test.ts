import { assert, asyncProperty, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batch } from '../../src/config/components/batch.ts'
import { otlpHttpExporter } from '../../src/config/components/otlp-http-exporter.ts'
import { clickhouseExporter } from '../../src/config/components/clickhouse-exporter.ts'
import { configOf, faultsOf, load, minimal } from './load.ts'

const forwarder = (header: string): string => `yaml:exporters::otlp_http: {endpoint: "http://localhost:1", headers: {x-tenant: ${header}}}`

/** What a header is when written like this: a place where any text may stand. */
async function expanded(value: string, env: Record<string, string | undefined> = {}): Promise<string | undefined> {
  const config = await load([minimal, forwarder(JSON.stringify(value))], { env })
  return configOf(config, otlpHttpExporter).headers['x-tenant']
}

describe('a reference to an environment variable', () => {
  it.each([
    ['${env:X}', 'one'],
    ['${X}', 'one'],
    ['a ${env:X} b ${X}', 'a one b one'],
    ['${env:X:-two}', 'one'],
    ['${env:NONE:-two}', 'two'],
    ['${NONE:-two}', 'two'],
    ['${env:NONE:-a:-b}', 'a:-b'],
    ['${env:NONE:-${env:X}}', 'one'],
    ['${env:NONE:-${env:NONE:-${env:NONE:-deep}}}', 'deep'],
    ['${env:NONE:-x-${env:X}-y}', 'x-one-y'],
    ['[${env:NONE:-}]', '[]'],
    ['[${env:NONE}]', '[]'],
    ['$$', '$'],
    ['$${env:X}', '${env:X}'],
    ['$$${env:X}', '$one'],
    ['a$b', 'a$b'],
    ['^a{2}$', '^a{2}$'],
    ['${env:X', '${env:X'],
    ['$X', '$X'],
  ])('%s becomes %s', async (text, result) => {
    expect(await expanded(text, { X: 'one' })).toBe(result)
  })

  it('takes the type that YAML sees in the value where it stands alone', async () => {
    const yaml = 'yaml:{processors: {batch: {send_batch_size: "${env:SIZE}"}}, exporters: {clickhouse: {create_schema: "${env:CREATE}"}}}'

    const config = await load([minimal, yaml], { env: { SIZE: '12', CREATE: 'false' } })

    expect(configOf(config, batch).sendBatchSize).toBe(12)
    expect(config.exporters.get('clickhouse')?.config).toMatchObject({ createSchema: false })
  })

  it('stays text inside a longer text', async () => {
    const faults = await faultsOf([minimal, 'yaml:processors::batch::send_batch_size: 1${env:SIZE}'], { env: { SIZE: '2' } })

    expect(faults[0]?.message).toBe('expected a number, got "12"')
  })

  it.each(['0123', '1e5', 'true', 'null', '12345678901234567890', '0x1F', '~'])(
    'gives the text %s as it is where a text is wanted',
    async (text) => {
      const config = await load([minimal, 'yaml:exporters::clickhouse::password: ${env:PASSWORD}'], { env: { PASSWORD: text } })

      const { password } = configOf(config, clickhouseExporter)
      expect(password).toBe(text === 'null' || text === '~' ? '' : text)
    },
  )

  it('counts as nothing written where the variable is empty or not set, so that the default holds', async () => {
    const yaml = 'yaml:processors: {batch: {timeout: "${env:EMPTY}", send_batch_size: "${env:NONE}"}}'

    const config = await load([minimal, yaml], { env: { EMPTY: '' } })

    expect(configOf(config, batch)).toMatchObject({ timeoutMs: 500, sendBatchSize: 8192 })
    expect(config.warnings).toEqual(['Configuration references unset environment variable NONE'])
  })

  it('is not looked for in keys', async () => {
    const faults = await faultsOf([minimal, 'yaml:"processors": {"${env:X}": }'], { env: { X: 'batch' } })

    expect(faults[0]?.message).toContain('invalid character(s) in type "${env:X}"')
  })

  it('does not read properties that every object has', async () => {
    const config = await load([minimal, forwarder('"x${env:constructor}"')])

    expect(config.warnings).toEqual(['Configuration references unset environment variable constructor'])
  })

  it.each([
    'a\nexporters:\n  debug: {verbosity: detailed}',
    '"}, x: {"',
    "it's",
    '{a: b}',
    '[1, 2]',
    '*anchor',
    '${env:OTHER}',
    'pa$$word',
    '- a',
    'key: value',
    '# not a comment',
    ' spaces ',
    '|\n block',
  ])('cannot change anything but its value: %j', async (text) => {
    expect(await expanded('${env:X}', { X: text, OTHER: 'leaked' })).toBe(text)
    expect(await expanded('<${env:X}>', { X: text, OTHER: 'leaked' })).toBe(`<${text}>`)
  })

  it('cannot change anything but its value, whatever it is', async () => {
    const anyText = string({ unit: 'binary', maxLength: 100 }).filter((text) => text.trim() !== '' && !/^\s*(null|~)\s*(#.*)?$/i.test(text))
    await assert(
      asyncProperty(anyText, async (text) => {
        expect(await expanded('${env:X}', { X: text })).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})
