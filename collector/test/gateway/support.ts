/** A collector with its gateway open, and two projects in it. */
import { type TestCollector, startTestCollector } from '../running-collector.ts'

export const ours = { key: 'key-of-ours', project: 'ours' } as const
export const theirs = { key: 'key-of-theirs', project: 'theirs' } as const
export const ingestOnly = 'key-that-may-only-send'
export const anonymous = 'key-that-sees-groups-only'
/** Stands in every text of the other project, and nowhere else. */
export const planted = 'quokkazebra'

export interface TestGateway {
  readonly url: string
  readonly collector: TestCollector
  /** POSTs a query with the key of `ours`. */
  ask(
    sql: string,
    parameters?: Record<string, string>,
    init?: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> },
  ): Promise<{ status: number; text: string; headers: Headers }>
}

export async function startTestGateway(gateway: object = {}): Promise<TestGateway> {
  const keys = [
    { ...ours, scopes: ['ingest', 'read'] },
    { ...theirs, scopes: ['ingest', 'read'] },
    { key: ingestOnly, project: 'ours', scopes: ['ingest'] },
    { key: anonymous, project: 'ours', scopes: ['read'], k_anonymity: 5 },
  ]
  const config = {
    extensions: { api_keys: { keys }, clickhouse_gateway: { endpoint: '127.0.0.1:0', ...gateway } },
    service: { extensions: ['health_check', 'query_api', 'api_keys', 'clickhouse_gateway'] },
  }
  const collector = await startTestCollector({ config: [`yaml:${JSON.stringify(config)}`] })
  const url = `http://127.0.0.1:${gatewayPort(collector)}`
  const event = (prompt: string, session: string) => ({ name: 'chat', metadata: { prompt }, session_id: session, user_id: 'u-1' })
  await collector.post('/track', [event('Where is my parcel?', 's-1'), event('When will it arrive?', 's-1')], { 'x-api-key': ours.key })
  await collector.post('/track', [event(`the ${planted} parcel`, `s-${planted}`)], { 'x-api-key': theirs.key })
  await collector.stored()
  return {
    url,
    collector,
    async ask(sql, parameters = {}, init = {}) {
      const response = await fetch(`${url}/?${new URLSearchParams(parameters).toString()}`, {
        method: 'POST',
        body: sql,
        ...init,
        headers: { 'x-clickhouse-user': 'grafana', 'x-clickhouse-key': ours.key, ...init.headers },
      })
      return { status: response.status, text: await response.text(), headers: response.headers }
    },
  }
}

function gatewayPort({ log }: TestCollector): number {
  const line = log
    .map((text) => JSON.parse(text) as { message: string; port: number })
    .find(({ message }) => message === 'ClickHouse gateway started')
  if (line === undefined) throw new Error('the gateway did not start')
  return line.port
}
