import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batch } from '../../src/config/components/batch.ts'
import { parseYaml, toPlain } from '../../src/config/document.ts'
import { configOf, errorOf, faultsOf, load, minimal } from './load.ts'

describe('several sources', () => {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'turret-config-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  it('are merged map by map; lists and values of later ones win', async () => {
    const first =
      'yaml:processors: {batch: {timeout: 1s, send_batch_size: 7}, batch/two: }\nservice::pipelines::traces::processors: [batch]'
    const second = 'yaml:processors: {batch: {timeout: 2s}}\nservice::pipelines::traces::processors: [batch/two]'

    const config = await load([minimal, first, second])

    expect(configOf(config, batch)).toMatchObject({ timeoutMs: 2000, sendBatchSize: 7 })
    expect(config.service.pipelines.get('traces')?.processors).toEqual(['batch/two'])
    expect(config.service.pipelines.get('traces')?.receivers).toEqual(['track'])
  })

  it('may be files, variables and texts', async () => {
    const path = join(directory, 'a.yaml')
    await writeFile(path, minimal.slice('yaml:'.length))

    const config = await load([`file:${path}`, path, 'env:MORE', 'yaml:processors::batch::timeout: 3s'], {
      env: { MORE: 'processors: {batch: }' },
    })

    expect(configOf(config, batch).timeoutMs).toBe(3000)
  })

  it('give way to --set', async () => {
    const config = await load([minimal, 'yaml:processors::batch::timeout: 3s'], {
      set: ['processors.batch.timeout=4s', 'service.pipelines.traces.processors=[batch]'],
    })

    expect(configOf(config, batch).timeoutMs).toBe(4000)
    expect(config.service.pipelines.get('traces')?.processors).toEqual(['batch'])
  })

  it('are each named in their own faults', async () => {
    const path = join(directory, 'b.yaml')
    await writeFile(path, '# a comment\nprocessors:\n  batch:\n    timout: 5s\n')

    const faults = await faultsOf([minimal, path, 'yaml:exporters::debug::verbosity: loud'], { set: ['receivers.track.max_batch=x'] })

    expect(faults.map(({ file, line, column, excerpt }) => ({ file, line, column, excerpt }))).toEqual([
      { file: path, line: 4, column: 5, excerpt: '    timout: …' },
      { file: 'yaml:exporters::debug::verbosity', line: 1, column: 30, excerpt: 'exporters::debug::verbosity: loud' },
      { file: '--set=receivers.track.max_batch', line: 1, column: 30, excerpt: 'receivers::track::max_batch: x' },
    ])
  })

  it('are refused above a size that no configuration has', async () => {
    const path = join(directory, 'c.yaml')
    await writeFile(path, '#'.repeat(1_048_577))

    expect((await errorOf([path]))?.message).toContain('1048577 bytes, at most 1048576 are allowed')
  })
})

describe('parseYaml', () => {
  const plain = (text: string): unknown => toPlain(parseYaml({ file: 'test', text }).root)

  it('reads keys with :: as keys inside keys', () => {
    expect(plain('a::b: 1\na::c: 2\na:\n  d::e: 3')).toEqual({ a: { b: 1, c: 2, d: { e: 3 } } })
  })

  it('reads anchors, aliases and merge keys', () => {
    expect(plain('base: &base {x: 1, y: 2}\none: *base\ntwo: {<<: *base, y: 3}')).toEqual({
      base: { x: 1, y: 2 },
      one: { x: 1, y: 2 },
      two: { x: 1, y: 3 },
    })
  })

  it('reads YAML 1.2 scalars', () => {
    expect(plain('[yes, on, true, 012, 1.5, null, ~, 2026-01-01, "5"]')).toEqual([
      'yes',
      'on',
      true,
      12,
      1.5,
      null,
      null,
      '2026-01-01',
      '5',
    ])
  })

  it('keeps a key called __proto__ as a key', () => {
    const value = plain('__proto__: {polluted: true}')

    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('stops at aliases of aliases that grow without end', () => {
    const levels = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`)

    const { faults } = parseYaml({ file: 'test', text: ['l0: &l0 x', ...levels].join('\n') })

    expect(faults.map(({ message }) => message)).toEqual(['nested too deeply, or too large'])
  })
})
