/** deploy/kubernetes/turret.yaml is a configuration that the collector takes, with ports and probes that it answers. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { apiKeys } from '../../src/config/components/api-keys.ts'
import { otlpReceiver } from '../../src/config/components/otlp-receiver.ts'
import { definitions } from '../../src/config/definitions.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { configOf } from '../config/load.ts'

const shipped = fileURLToPath(new URL('../../../otel-config.yaml', import.meta.url))
const manifest = new URL('../../../deploy/kubernetes/turret.yaml', import.meta.url)

interface Container {
  readonly args: readonly string[]
  readonly env: readonly { readonly name: string; readonly value?: string }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } }
}

it('the Kubernetes manifest starts a collector with a key, on the ports that its service names', async () => {
  const [set, service] = parseAllDocuments(await readFile(manifest, 'utf8')).map((document) => document.toJS() as unknown)
  const [container] = (set as { spec: { template: { spec: { containers: Container[] } } } }).spec.template.spec.containers
  const { args, env, ports, readinessProbe } = container!
  const values = Object.fromEntries(env.map(({ name, value = 'http://user:secret@clickhouse:8123/turret' }) => [name, value]))
  const sources = args.slice(1).map((arg) => arg.replace('--config=', '').replace('/etc/turret/otel-config.yaml', shipped))

  const config = await loadConfig(sources, { definitions, env: values })

  const { http, grpc } = configOf(config, otlpReceiver).protocols
  expect([http?.endpoint.port, grpc?.endpoint.port]).toEqual(ports.map(({ containerPort }) => containerPort))
  expect((service as { spec: { ports: { port: number }[] } }).spec.ports.map(({ port }) => port)).toEqual(
    ports.map(({ containerPort }) => containerPort),
  )
  expect(configOf(config, apiKeys).keys).toHaveLength(1)
  expect(readinessProbe.httpGet).toEqual({ path: '/health', port: 'http' })
})
