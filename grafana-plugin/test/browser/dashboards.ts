/** What Grafana's dashboards and alert rules ask is answered: by the nested data source in the browser, by SQL and metrics of a real collector. */
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { askFixture, fixture, open, realCollector } from './stage.ts'

const root = resolve(import.meta.dirname, '../..')

interface Target {
  readonly kind?: string
  readonly expr?: string
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly Target[] }[]
  readonly annotations: { readonly list: readonly { readonly name: string; readonly target?: Target }[] }
}

async function readDashboards(): Promise<Dashboard[]> {
  const directory = join(root, 'src/dashboards')
  return Promise.all((await readdir(directory)).map(async (file) => JSON.parse(await readFile(join(directory, file), 'utf8'))))
}

/** Asks the data source as a panel does. @returns rows of each frame, or what is wrong */
const ask = (page: Page, target: object): Promise<number[] | string> =>
  page.evaluate(async (query) => {
    const to = Date.now()
    const time = (ms: number) => ({ toISOString: () => new Date(ms).toISOString() })
    const request = { targets: [query], range: { from: time(to - 7 * 86_400_000), to: time(to) }, scopedVars: {} }
    const source = await window.host.dataSource()
    const { data, errors = [] } = (await source.query(request as never)) as { data: { length: number }[]; errors?: { message: string }[] }
    return errors[0]?.message ?? data.map(({ length }) => length)
  }, target)

const variable = (page: Page, query: string): Promise<{ text: string; value: string }[]> =>
  page.evaluate(async (text) => (await (await window.host.dataSource()).metricFindQuery!(text)) as never, query)

describe('the data source', () => {
  it('answers every panel and annotation of the dashboards, for a topic that its variable names', async () => {
    const page = await open('setup')
    const [topic] = await variable(page, 'topics')
    const targets = (await readDashboards()).flatMap(({ panels, annotations }) =>
      [...panels.flatMap((panel) => panel.targets), ...annotations.list.flatMap(({ target }) => target ?? [])].filter(
        ({ kind }) => kind !== undefined,
      ),
    )

    expect(targets.length).toBeGreaterThan(10)
    for (const target of targets) {
      const named = JSON.parse(JSON.stringify(target).replaceAll('${topic}', topic!.value))
      expect({ named, rows: await ask(page, named) }).toEqual({ named, rows: expect.arrayContaining([expect.any(Number)]) })
    }
  })

  it('lists topics of each level and the values of a field as variables', async () => {
    const page = await open('setup')

    for (const query of ['topics', 'themes', 'subtopics', 'plan']) {
      expect(await variable(page, query)).not.toEqual([])
    }
    expect(await variable(page, 'no such field')).toEqual([])
  })

  it('says on a panel and in its own test what is wrong', async () => {
    askFixture()
    fixture.behaviour.apiKey = 'another'
    const page = await open('setup', { faulty: true })

    expect(await ask(page, { refId: 'A', kind: 'topics' })).toContain('The collector refuses the API key')
    const result = await page.evaluate(async () => (await window.host.dataSource()).testDatasource())
    expect(result).toMatchObject({ status: 'error', message: expect.stringContaining('The collector refuses the API key') })
  })
})

describe.runIf(realCollector)('a real collector, configured as docker-compose.yaml says', () => {
  const readRules = async (file: string) => parse(await readFile(join(root, 'provisioning/alerting', file), 'utf8')).groups[0].rules

  it('answers the SQL of every alert rule through its ClickHouse gateway', async () => {
    const { sqlUrl, apiKey } = realCollector!
    const { datasources } = parse(await readFile(join(root, 'provisioning/datasources/turret.yaml'), 'utf8'))
    const { defaultDatabase } = datasources.find(({ uid }: { uid: string }) => uid === 'turret-sql').jsonData
    const authorization = `Basic ${Buffer.from(`turret:${apiKey}`).toString('base64')}`

    for (const { title, data } of await readRules('topics.yaml')) {
      const answer = await fetch(`${sqlUrl}/?database=${defaultDatabase}`, {
        method: 'POST',
        headers: { authorization },
        body: `${data[0].model.rawSql}\nFORMAT JSON`,
      })
      expect([title, answer.status, await answer.text()]).toEqual([title, 200, expect.stringContaining('"rows"')])
    }
  })

  it('has every metric that the health dashboard and the ingest alerts read', async () => {
    const metrics = await (await fetch(`${realCollector!.apiUrl}/metrics`)).text()
    const rules = await readRules('ingest.yaml.example')
    const expressions = [
      ...(await readDashboards()).flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr ?? []))),
      ...rules.flatMap(({ data }: { data: { model: { expr?: string } }[] }) => data.flatMap(({ model }) => model.expr ?? [])),
    ]
    const names = expressions.flatMap((text) => text.match(/\b(?:otelcol|turret)_\w+/g) ?? [])

    expect(names.length).toBeGreaterThan(8)
    expect(names.filter((name) => !metrics.includes(`# TYPE ${name.replace(/_bucket$/, '')} `))).toEqual([])
  })
})
