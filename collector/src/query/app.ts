/** The query API over HTTP, made from the routes of the contract. */
import type { ClickHouse } from '@turret/clickhouse'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { etag } from 'hono/etag'
import { anonymize, coarsenTimes } from './anonymize.ts'
import { TimeRanges } from './buckets.ts'
import { type Route, type RouteName, routes } from './contract/routes.ts'
import { type QueryContext, type QueryLimits } from './context.ts'
import { chooseFormat, formats, toCsv, toNdjson } from './formats.ts'
import { type Call, type Services, handlers } from './handlers.ts'
import { checkFields } from './known-fields.ts'
import { toOpenApi } from './openapi.ts'
import { parseBody, parseQuery } from './parse-query.ts'
import { type Fault, QueryError } from './query-error.ts'
import { TopicIndexes } from './topic-index.ts'

/** Who sent a request. */
export interface Caller {
  readonly project: string
  /** The part of the key that may be shown. */
  readonly keyId: string
  /** k-anonymity: users that must share what the caller sees; absent or 0 = everything. */
  readonly kAnonymity?: number
}

export interface QueryAppOptions extends Services {
  readonly db: ClickHouse
  readonly now: () => Date
  /** Silence after which a session has ended. */
  readonly idleMs: number
  readonly limits?: QueryLimits
  /** How old the known topics may be; an edit is seen at once. Default: 1 s. */
  readonly topicsMaxAgeMs?: number
  /** @throws an error with `code` and `status`, which is answered as it is */
  readonly authenticate: (headers: Headers, scope: 'read' | 'admin') => Caller | Promise<Caller>
  /** Told of errors that are nobody's fault but ours. */
  readonly onError?: (error: unknown) => void
  /** Sees every answer before it is sent; tests check it against its schema. */
  readonly onAnswer?: (route: RouteName, answer: unknown) => void
}

export const defaultQueryLimits: QueryLimits = { timeoutMs: 30_000, maxMemoryBytes: 512 * 1024 * 1024 }
const topicsMaxAgeMs = 1000 // topics change every few seconds at most
const maxBodyBytes = 256 * 1024 // of an edit: a thousand event ids

/** What was read for earlier requests. */
interface Known {
  readonly topics: TopicIndexes
  readonly ranges: TimeRanges
}

/** The paths below `/api/v1`, and the OpenAPI document at `/api/v1/openapi.json`. */
export function createQueryApp(options: QueryAppOptions): Hono {
  const app = new Hono().basePath('/api/v1')
  const known: Known = { topics: new TopicIndexes(options.topicsMaxAgeMs ?? topicsMaxAgeMs), ranges: new TimeRanges() }
  app.use(etag({ weak: true }))
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new QueryError('INVALID_REQUEST', `body: expected at most ${maxBodyBytes} bytes`)
      },
    }),
  )
  app.get('/openapi.json', (c) => c.json(toOpenApi(options.version)))
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name]
    app.on(route.method.toUpperCase(), route.path, (c) => serve(c, name, route, options, known))
  }
  app.notFound((c) => toErrorResponse(c, new QueryError('NOT_FOUND', `there is no ${c.req.method} ${c.req.path}`)))
  app.onError((error, c) => {
    if (isOurs(error)) options.onError?.(error)
    return toErrorResponse(c, error)
  })
  return app
}

async function serve(c: Context, name: RouteName, route: Route, options: QueryAppOptions, known: Known): Promise<Response> {
  const caller = await options.authenticate(c.req.raw.headers, route.scope)
  const format = chooseFormat(c.req.raw.headers.get('accept'), route.list !== undefined)
  const query = route.query === undefined ? undefined : parseQuery(route.query, new URL(c.req.url).searchParams)
  const body = route.body === undefined ? undefined : parseBody(route.body, await c.req.text())
  const whole = await toContext(c, caller, options, known)
  await checkFields(whole, query ?? {})
  const asked = whole.minUsers === 0 ? { context: whole, query } : await anonymize(name, query, whole)
  const handle = handlers[name] as (call: Call<RouteName>) => Promise<object>
  const found = await handle({ ...asked, body, params: c.req.param(), author: caller.keyId, services: options } as Call<RouteName>)
  const answer = whole.minUsers === 0 ? found : (coarsenTimes(found) as object)
  if (route.method !== 'get') known.topics.forget(caller.project)
  options.onAnswer?.(name, answer)
  c.header('Cache-Control', 'private, no-cache')
  return format === 'json' ? c.json(answer) : toListResponse(c, answer as Record<string, unknown>, route.list ?? '', format)
}

async function toContext(
  c: Context,
  { project, kAnonymity: minUsers = 0 }: Caller,
  { db, now, idleMs, limits = defaultQueryLimits }: QueryAppOptions,
  { topics, ranges }: Known,
): Promise<QueryContext> {
  const asking = { db, project, limits, signal: c.req.raw.signal }
  return { ...asking, now: now(), idleMs, minUsers, topics: await topics.of(asking), ranges }
}

/** The rows alone; what else the answer says that a reader of rows needs, the next page, is in a header. */
function toListResponse(c: Context, answer: Record<string, unknown>, list: string, format: 'ndjson' | 'csv'): Response {
  const rows = answer[list] as object[]
  const cursor = answer['next_cursor']
  if (typeof cursor === 'string') c.header('X-Next-Cursor', cursor)
  return c.body(format === 'csv' ? toCsv(rows) : toNdjson(rows), 200, { 'Content-Type': `${formats[format]}; charset=utf-8` })
}

interface CodedError extends Error {
  readonly code: string
  readonly status: number
  readonly faults?: readonly Fault[]
  readonly retryAfterSeconds?: number
}

/** Errors of other stages that may be answered carry a code and a status, too. */
function isCoded(error: Error): error is CodedError {
  const { code, status } = error as Partial<CodedError>
  return typeof code === 'string' && typeof status === 'number'
}

function isOurs(error: Error): boolean {
  return !isCoded(error) || error.status === 500
}

function toErrorResponse(c: Context, error: Error): Response {
  const coded = isCoded(error) ? error : new QueryError('INTERNAL', 'internal error')
  if ('retryAfterSeconds' in coded && coded.retryAfterSeconds !== undefined) c.header('Retry-After', String(coded.retryAfterSeconds))
  const faults = coded.faults?.length ? { faults: coded.faults } : {}
  return c.json({ success: false, error: coded.message, code: coded.code, ...faults }, coded.status as 400)
}
