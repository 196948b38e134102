/** Calls the collector's query API through Grafana's proxy. */
import { getBackendSrv } from '@grafana/runtime'
import { lastValueFrom } from 'rxjs'
import { apiPath } from '../constants.ts'
import { endpoints, type UsedRoute } from './endpoints.ts'
import { toProblem } from './problem.ts'
import type { Answer, Body, Query } from './types.ts'

export interface CallOptions<N extends UsedRoute> {
  /** Fills `:id` or `:field` in the route's path. */
  readonly id?: string
  readonly query?: Query
  readonly body?: Body<N>
  readonly signal?: AbortSignal
  /** Which proxy of Grafana leads to the collector: the app's, unless a data source brings its own. */
  readonly base?: string
}

const timeoutMs = 60_000 // longer than any limit the collector sets on its own queries

/**
 * Asks one route of the query API.
 * @throws Problem whatever went wrong: no network, proxy, key, request, collector
 */
export async function call<N extends UsedRoute>(
  route: N,
  { id, query = {}, body, signal, base = apiPath }: CallOptions<N> = {},
): Promise<Answer<N>> {
  const { method, path } = endpoints[route]
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await lastValueFrom(
      getBackendSrv().fetch<Answer<N>>({
        url: base + path.replace(/:\w+/, encodeURIComponent(id ?? '')) + toQueryString(query),
        method: method.toUpperCase(),
        showErrorAlert: false,
        showSuccessAlert: false,
        abortSignal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body === undefined ? {} : { data: body }),
      }),
    )
    return response.data
  } catch (error) {
    throw toProblem(error, { timedOut: timeout.aborted })
  }
}

/** Writes parameters as `?a=1&b=x&b=y`; undefined ones are left out. */
export function toQueryString(query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of toList(value)) {
      params.append(name, one)
    }
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

/** The API splits a lone value at its commas, unless they are escaped. */
function toList(value: Query[string]): string[] {
  if (value === undefined) {
    return []
  }
  if (typeof value !== 'object') {
    return [String(value)]
  }
  return value.length === 1 ? value.map((one) => one.replaceAll(',', '\\,')) : [...value]
}
