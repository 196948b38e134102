/** The services that Grafana gives its plugins, as far as this plugin uses them. */
import { EventBusSrv } from '@grafana/data'
import {
  setAppEvents,
  setBackendSrv,
  setDataSourceSrv,
  setEchoSrv,
  setTemplateSrv,
  type BackendSrv,
  type BackendSrvRequest,
  type FetchResponse,
} from '@grafana/runtime'
import { defer, type Observable } from 'rxjs'

export function installServices(): void {
  setAppEvents(new EventBusSrv())
  setEchoSrv({ addBackend: () => undefined, addEvent: () => undefined, flush: () => undefined })
  setBackendSrv(createBackendService())
  setTemplateSrv({
    replace: (text?: string) => text ?? '',
    getVariables: () => [],
    containsTemplate: () => false,
    updateTimeRange: () => undefined,
  })
  setDataSourceSrv({
    get: () => Promise.reject(new Error('the preview has no data sources')),
    getList: () => [],
    getInstanceSettings: () => undefined,
    reload: () => undefined,
  } as never)
}

function createBackendService(): BackendSrv {
  const fetchOnce = <T>(request: BackendSrvRequest): Observable<FetchResponse<T>> => defer(() => send<T>(request))
  const simple = async <T>(method: string, url: string, data?: unknown): Promise<T> => (await send<T>({ method, url, data })).data
  return {
    fetch: fetchOnce,
    get: (url: string) => simple('GET', url),
    post: (url: string, data?: unknown) => simple('POST', url, data),
    put: (url: string, data?: unknown) => simple('PUT', url, data),
    patch: (url: string, data?: unknown) => simple('PATCH', url, data),
    delete: (url: string) => simple('DELETE', url),
  } as unknown as BackendSrv
}

let pending = 0

/** Requests that wait for their answer. */
export const pendingRequests = () => pending

async function send<T>(request: BackendSrvRequest): Promise<FetchResponse<T>> {
  pending++
  try {
    return await ask<T>(request)
  } finally {
    pending--
  }
}

async function ask<T>(request: BackendSrvRequest): Promise<FetchResponse<T>> {
  const response = await fetch(request.url, {
    method: request.method ?? 'GET',
    ...(request.data === undefined ? {} : { body: JSON.stringify(request.data), headers: { 'content-type': 'application/json' } }),
    ...(request.abortSignal === undefined ? {} : { signal: request.abortSignal }),
  }).catch((error: Error) => {
    throw { status: 0, statusText: error.name, data: {}, config: request, cancelled: error.name === 'AbortError' }
  })
  const text = await response.text()
  const data = parse(text)
  if (!response.ok) {
    throw { status: response.status, statusText: response.statusText, data, config: request }
  }
  return {
    data: data as T,
    status: response.status,
    statusText: response.statusText,
    ok: true,
    headers: response.headers,
    redirected: false,
    type: 'basic',
    url: request.url,
    config: request,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
