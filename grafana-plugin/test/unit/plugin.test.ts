/** The plugin's files agree with each other, with Grafana's shared modules and with the budget. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedModules } from '../../shared-modules.mjs'
import { queryKinds } from '../../src/datasource/query.ts'
import { localeFile, readMessages, toLocale } from '../messages.ts'

const root = resolve(import.meta.dirname, '../..')
const dist = join(root, 'dist')
const read = (file: string) => readFile(join(root, file), 'utf8')
const readJson = async (file: string) => JSON.parse(await read(file))
const maxBytes = 300_000

async function scripts(): Promise<string[]> {
  return (await readdir(dist, { recursive: true })).filter((file) => file.endsWith('.js'))
}

describe('the built plugin', () => {
  it('is at most 300 kB of JavaScript', async () => {
    const sizes = await Promise.all((await scripts()).map(async (file) => (await stat(join(dist, file))).size))
    const total = sizes.reduce((sum, size) => sum + size, 0)

    console.log(`bundle: ${total} bytes of JavaScript in ${sizes.length} files`)
    expect(total).toBeLessThanOrEqual(maxBytes)
  })

  it('asks only for modules that Grafana shares with plugins', async () => {
    const known = new Set([...sharedModules, 'module'])

    for (const file of ['module.js', 'datasource/module.js', 'panels/journey/module.js']) {
      const [, list = ''] = /define\(\s*(\[[^\]]*\])/.exec(await readFile(join(dist, file), 'utf8')) ?? []
      const wanted = JSON.parse(list.replaceAll("'", '"')) as string[]
      expect(wanted.filter((name) => !known.has(name))).toEqual([])
    }
  })

  it('holds every file that plugin.json names, with its placeholders filled in', async () => {
    for (const file of ['plugin.json', 'datasource/plugin.json', 'panels/journey/plugin.json']) {
      const text = await readFile(join(dist, file), 'utf8')
      const { info, includes = [] } = JSON.parse(text)
      const base = join(dist, file, '..')
      const named = [
        info.logos.small,
        ...(info.screenshots ?? []).map(({ path }: { path: string }) => path),
        ...includes.filter(({ type }: { type: string }) => type === 'dashboard').map(({ path }: { path: string }) => path),
      ]

      expect(text).not.toMatch(/%[A-Z_]+%/)
      await expect(Promise.all(named.map((path) => stat(join(base, path))))).resolves.toHaveLength(named.length)
    }
  })
})

describe('plugin.json', () => {
  it('leads every navigation entry to a page of the app', async () => {
    const { includes } = await readJson('src/plugin.json')
    const app = await read('src/pages/app.tsx')
    const paths = includes
      .filter(({ type, path }: { type: string; path: string }) => type === 'page' && path.startsWith('/a/'))
      .map(({ path }: { path: string }) => path.split('/').at(-1))

    expect(paths.filter((path: string) => !app.includes(`path: '${path}'`))).toEqual([])
  })

  it('lists the same links that the module adds', async () => {
    const { extensions } = await readJson('src/plugin.json')
    const source = await read('src/extensions/links.ts')

    for (const { title, description } of extensions.addedLinks) {
      expect(source).toContain(`title: '${title}'`)
      expect(source).toContain(`description: '${description}'`)
    }
  })

  it('asks for a Grafana of 12.3 or later', async () => {
    expect((await readJson('src/plugin.json')).dependencies.grafanaDependency).toBe('>=12.3.0')
  })

  it('gives nested plugins ids of the same organisation', async () => {
    const ids = await Promise.all(
      ['src/datasource/plugin.json', 'src/panels/journey/plugin.json'].map(async (file) => (await readJson(file)).id),
    )

    expect(ids.every((id: string) => id.startsWith('turret-topics-'))).toBe(true)
  })

  it('sends the API key with every route, and lets only administrators see keys', async () => {
    const { routes } = await readJson('src/plugin.json')

    expect(routes.every(({ headers }: { headers: { name: string }[] }) => headers[0]?.name === 'X-API-Key')).toBe(true)
    expect(
      routes.filter(({ path }: { path: string }) => path.startsWith('api/keys')).map(({ reqRole }: { reqRole: string }) => reqRole),
    ).toEqual(['Admin', 'Admin', 'Admin'])
  })
})

describe('dashboards', () => {
  it('ask the data source only for what it answers', async () => {
    for (const name of ['overview', 'topic']) {
      const { panels } = await readJson(`src/dashboards/${name}.json`)
      const kinds = panels.flatMap(({ targets }: { targets: { kind: string }[] }) => targets.map(({ kind }) => kind))

      expect(kinds.filter((kind: never) => !queryKinds.includes(kind))).toEqual([])
    }
  })

  it('never place two panels in one spot', async () => {
    for (const name of ['overview', 'topic', 'health']) {
      const { panels } = await readJson(`src/dashboards/${name}.json`)
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }: { gridPos: Record<'x' | 'y' | 'w' | 'h', number> }) =>
        Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
      )

      expect(new Set(cells).size).toBe(cells.length)
    }
  })
})

describe('words', () => {
  it('stand in the English locale file as they stand in the source', async () => {
    expect(await readFile(localeFile, 'utf8')).toBe(toLocale(await readMessages()))
  })
})

describe('the source', () => {
  it('never renders text as HTML', async () => {
    const files = (await readdir(join(root, 'src'), { recursive: true })).filter((file) => /\.tsx?$/.test(file))
    const texts = await Promise.all(files.map((file) => read(`src/${file}`)))

    expect(texts.filter((text) => /dangerouslySetInnerHTML|innerHTML|renderMarkdown/.test(text))).toEqual([])
  })
})
