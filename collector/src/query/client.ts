/** The typed client of the query API, made from its routes: the command line, the MCP server and others use it. */
import type { z } from 'zod'
import type { ApiError } from './contract/common.ts'
import { type Route, type RouteName, routes } from './contract/routes.ts'

type Routes = typeof routes

type PathArguments<Path> = Path extends `${string}:${string}` ? [pathParameter: string] : []
type InputArguments<R> = R extends { body: infer B extends z.ZodType }
  ? [body: z.input<B>]
  : R extends { query: infer Q extends z.ZodType }
    ? [query?: z.input<Q>]
    : []

/** One method per route: the path parameter first, then the query or the body. */
export type Client = {
  readonly [Name in RouteName]: (
    ...args: [...PathArguments<Routes[Name]['path']>, ...InputArguments<Routes[Name]>]
  ) => Promise<z.output<Routes[Name]['answer']>>
}

export interface ClientOptions {
  /** The collector, such as `http://127.0.0.1:4318`. */
  readonly url: string
  readonly apiKey?: string | undefined
  readonly signal?: AbortSignal
  /** Default: the global one. */
  readonly fetch?: typeof fetch
}

/** What the API answered instead of an answer. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  /** 0 when nobody answered. */
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
  }
}

/**
 * A client of one collector. Every method rejects with a ClientError that says what to do.
 */
export function createClient(options: ClientOptions): Client {
  const methods = Object.entries(routes).map(([name, route]) => [name, (...args: unknown[]) => send(options, route, args)])
  return Object.fromEntries(methods) as Client
}

/** The rows of a list as text, a page at a time, to the end of the list. */
export async function* streamList(
  options: ClientOptions,
  name: RouteName,
  query: object,
  accept: 'application/x-ndjson' | 'text/csv',
): AsyncGenerator<string> {
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const response = await ask(options, routes[name], [{ ...query, ...(cursor !== undefined && { cursor }) }], accept)
    const text = await response.text()
    // Every page of CSV begins with the header line, which is wanted once.
    yield isFirst || accept !== 'text/csv' ? text : text.slice(text.indexOf('\n') + 1)
    cursor = response.headers.get('x-next-cursor') ?? undefined
  }
}

async function send(options: ClientOptions, route: Route, args: readonly unknown[]): Promise<unknown> {
  return (await ask(options, route, args, 'application/json')).json()
}

/** @throws ClientError for every answer that is not 2xx */
async function ask(options: ClientOptions, route: Route, args: readonly unknown[], accept: string): Promise<Response> {
  const rest = [...args]
  const path = route.path.replace(/:\w+/, () => encodeURIComponent(String(rest.shift())))
  const input = rest[0]
  const url = new URL(`/api/v1${path}`, options.url)
  if (route.body === undefined)
    for (const [key, value] of toSearch((input ?? {}) as Record<string, unknown>)) url.searchParams.append(key, value)
  const response = await request(options, url, {
    method: route.method.toUpperCase(),
    headers: {
      accept,
      ...(options.apiKey !== undefined && { 'x-api-key': options.apiKey }),
      ...(route.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(route.body !== undefined && { body: JSON.stringify(input) }),
    ...(options.signal !== undefined && { signal: options.signal }),
  })
  if (!response.ok) throw toClientError(response.status, await response.text())
  return response
}

async function request(options: ClientOptions, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await (options.fetch ?? fetch)(url, init)
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    const message = `no collector answers at ${options.url}. Start one with "npm start", or name another with --url or TURRET_URL`
    throw new ClientError(0, 'UNREACHABLE', message, { cause })
  }
}

function toClientError(status: number, text: string): ClientError {
  try {
    const { error, code, faults } = JSON.parse(text) as ApiError
    const several = faults !== undefined && faults.length > 1
    const what = several ? faults.map(({ path, message }) => `\n  ${path}: ${message}`).join('') : error
    const hint = status === 401 ? '. Give a key with --api-key or TURRET_API_KEY' : ''
    return new ClientError(status, code, `${what}${hint}`)
  } catch {
    return new ClientError(status, 'UNREADABLE', `the answer (${status}) is not the query API's: is the URL a Turret collector?`)
  }
}

/** Filters as query parameters: `segment.<field>`, `range.<field>`, and the sides of a comparison behind `a.` and `b.`. */
function toSearch(query: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
  return Object.entries(query).flatMap(([key, value]): [string, string][] => {
    if (value === undefined || value === null) return []
    if (key === 'segments')
      return Object.entries(value as Record<string, string[]>).flatMap(([field, values]) => listed(`${prefix}segment.${field}`, values))
    if (key === 'ranges') {
      const ranges = Object.entries(value as Record<string, { min?: number; max?: number }>)
      return ranges.map(([field, { min, max }]) => [`${prefix}range.${field}`, `${min ?? ''}..${max ?? ''}`])
    }
    if (Array.isArray(value)) return listed(prefix + key, value.map(String))
    if (typeof value === 'object') return toSearch(value as Record<string, unknown>, `${prefix}${key}.`)
    return [[prefix + key, `${value as string | number | boolean}`]]
  })
}

/** A single value is split at commas, repeated ones are not: a value with a comma is said twice. */
function listed(key: string, values: readonly string[]): [string, string][] {
  const [only] = values
  const said = values.length === 1 && only!.includes(',') ? [only!, only!] : values
  return said.map((value) => [key, value])
}
