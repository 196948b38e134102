/** What holds where the check of the statement is not asked: the filter below the views, and the list of functions. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Catalog, projectFilter, publicViews, readCatalog } from '../../src/gateway/catalog.ts'
import { type TestGateway, ours, startTestGateway } from './support.ts'

describe('the catalog', () => {
  let gateway: TestGateway
  let catalog: Catalog
  beforeAll(async () => {
    gateway = await startTestGateway()
    catalog = await readCatalog(gateway.collector.db)
  })
  afterAll(() => gateway.collector.dispose())

  it('filters every table of the database to the project, and leaves nothing of those that have none', async () => {
    const settings = { additional_table_filters: projectFilter(catalog, ours.project), readonly: 1 }
    const rowsOf = async (table: string, hasProject: boolean): Promise<string[]> => {
      const what = hasProject ? 'Project' : "'of no project'"
      const rows = await gateway.collector.db.query<{ p: string }>(`SELECT DISTINCT toString(${what}) AS p FROM \`${table}\``, { settings })
      return rows.map(({ p }) => p)
    }

    const seen = await Promise.all(
      catalog.tables.filter(({ isView }) => !isView).map(async ({ name, hasProject }) => [name, await rowsOf(name, hasProject)] as const),
    )

    expect(new Map(seen).get('events')).toEqual(['ours'])
    expect(seen.filter(([, projects]) => projects.some((project) => project !== 'ours')).map(([name]) => name)).toEqual([])
  })

  it('quotes a project whose name would end the filter', async () => {
    const filter = projectFilter(catalog, `o'), ('x\\`)

    const rows = await gateway.collector.db.query('SELECT 1 FROM events', { settings: { additional_table_filters: filter, readonly: 1 } })
    expect(rows).toEqual([])
  })

  it('has every public view and none that does not exist', () => {
    const views = catalog.tables.filter(({ isView }) => isView).map(({ name }) => name)

    expect(views.filter((name) => name.startsWith('v_')).toSorted()).toEqual([...publicViews].toSorted())
  })

  it('knows the functions of dashboards, and none that reads more than its arguments', async () => {
    const { functions } = catalog
    const common =
      'count sum avg uniqexact quantile tostartoffiveminutes todate tostring arrayjoin lower match if coalesce jsonextractstring now'
    const reaching =
      'file dictget dictgetordefault dicthas joinget hascolumnintable getsetting getmacro getserversetting hostname fqdn sleep in globalin notin ' +
      'catboostevaluate evalmlmethod aigenerate showcertificate filesystemavailable getclienthttpheader regiontoname addresstoline ' +
      'currentuser merge view remote url s3 executable loop mergetreeindex'

    expect(common.split(' ').filter((name) => !functions.has(name))).toEqual([])
    expect(reaching.split(' ').filter((name) => functions.has(name))).toEqual([])
    const tableFunctions = await gateway.collector.db.query<{ name: string }>('SELECT lower(name) AS name FROM system.table_functions')
    expect(tableFunctions.map(({ name }) => name).filter((name) => functions.has(name))).toEqual(['format']) // as a function it fills in a pattern
  })
})
