// Reads one request of ClickHouse's HTTP interface: who asks, which statement, with which settings, parameters and data.
// Source: https://clickhouse.com/docs/interfaces/http

import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { EngineError, errorCodes } from './engine-error.ts'

export interface QueryRequest {
  readonly queryId: string | undefined
  readonly database: string | undefined
  /** The format of a result where the statement names none. */
  readonly format: string
  readonly settings: Readonly<Record<string, string>>
  readonly parameters: Readonly<Record<string, string>>
  /** The native protocol that the client speaks, which decides the framing of Native results; 0 = none. */
  readonly protocolVersion: number
  /** True if the result may be packed with gzip. */
  readonly acceptsGzip: boolean
  /** The statement, or its first bytes if the text is followed by data. */
  readonly statement: Buffer
  /** What was not read into `statement`, unpacked. */
  readonly rest: Readable
}

export const maxStatementBytes = 1024 * 1024 // ClickHouse's http_max_uri_size; its max_query_size is smaller still

// Keys of the interface itself that are no settings and that this server need not obey.
const ignoredKeys = new Set(
  ['user', 'password', 'quota_key', 'role', 'session_timeout', 'session_check', 'close_session', 'stacktrace', 'buffer_size'].concat([
    'wait_end_of_query',
    'enable_http_compression',
    'http_zlib_compression_level',
    'network_compression_method',
    'decompress',
  ]),
)
const ownKeys = new Set(['query', 'query_id', 'database', 'default_format', 'compress', 'session_id', 'client_protocol_version'])
const setByServer = new Set(['log_comment']) // marks a run for KILL QUERY

/**
 * @throws EngineError 194 without a password, 516 with a wrong one; 115, 569 for a malformed name; 48 for what this server cannot do;
 *   191 for a statement beyond `maxStatementBytes`
 */
export async function readRequest(request: IncomingMessage, url: URL, password: string): Promise<QueryRequest> {
  authenticate(request, url, password)
  const query = url.searchParams
  refuseUnsupported(request, query)
  const body = unpack(request)
  const fromUrl = query.get('query')
  const { statement, rest } = fromUrl === null ? await readHead(body) : { statement: Buffer.from(fromUrl), rest: body }
  return {
    queryId: query.get('query_id') ?? header(request, 'x-clickhouse-query-id'),
    database: query.get('database') ?? header(request, 'x-clickhouse-database'),
    format: query.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated',
    ...readSettings(request, query),
    protocolVersion: Number(query.get('client_protocol_version')) || 0,
    acceptsGzip: query.get('enable_http_compression') === '1' && /\bgzip\b/.test(header(request, 'accept-encoding') ?? ''),
    statement,
    rest,
  }
}

function authenticate(request: IncomingMessage, url: URL, password: string): void {
  const basic = /^Basic (.+)$/i.exec(header(request, 'authorization') ?? '')?.[1]
  const [user, given] =
    basic === undefined
      ? [
          header(request, 'x-clickhouse-user') ?? url.searchParams.get('user'),
          header(request, 'x-clickhouse-key') ?? url.searchParams.get('password'),
        ]
      : (/^([^:]*):([^]*)$/.exec(Buffer.from(basic, 'base64').toString())?.slice(1) ?? [])
  if (given === undefined || given === null) throw new EngineError(errorCodes.requiredPassword, 'a user and a password are required')
  if ((user ?? 'default') !== 'default' || !isSame(given, password)) {
    throw new EngineError(
      errorCodes.authenticationFailed,
      'Authentication failed: password is incorrect, or there is no user with such name',
    )
  }
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function refuseUnsupported(request: IncomingMessage, query: URLSearchParams): void {
  const refuse = (what: string): EngineError => new EngineError(errorCodes.notImplemented, `the embedded server does not offer ${what}`)
  if (query.has('session_id')) throw refuse('sessions (session_id)')
  if (query.get('compress') === '1' || query.get('decompress') === '1') throw refuse('compressed blocks (compress, decompress): use gzip')
  if (header(request, 'content-type')?.startsWith('multipart/')) throw refuse('multipart bodies: put parameters into the URL')
}

function readSettings(request: IncomingMessage, query: URLSearchParams): Pick<QueryRequest, 'settings' | 'parameters'> {
  const settings: Record<string, string> = {}
  const parameters: Record<string, string> = {}
  if (request.method === 'GET') settings['readonly'] = '2' // as ClickHouse: a GET changes nothing
  for (const [key, value] of query) {
    if (ownKeys.has(key) || ignoredKeys.has(key) || setByServer.has(key)) continue
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key))
      throw new EngineError(errorCodes.badRequestParameter, 'a parameter of the URL has a malformed name')
    if (key.startsWith('param_')) parameters[key.slice('param_'.length)] = value
    else settings[key] = value
  }
  return { settings, parameters }
}

function unpack(request: IncomingMessage): Readable {
  const encoding = header(request, 'content-encoding') ?? 'identity'
  if (encoding === 'identity') return request
  const unpackers = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress }
  const create = Object.hasOwn(unpackers, encoding) ? unpackers[encoding as keyof typeof unpackers] : undefined
  if (!create) throw new EngineError(errorCodes.notImplemented, 'Content-Encoding: expected gzip, deflate or br')
  const unpacked = create()
  unpacked.on('error', () => undefined) // whoever reads it hears of it; where nobody does, it must not end the process
  request.on('close', () => request.complete || unpacked.destroy(new Error('the request was cut off')))
  return request.pipe(unpacked)
}

/** The first bytes of a body: all of it, or more than a statement may have. */
async function readHead(body: Readable): Promise<{ statement: Buffer; rest: Readable }> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  const iterator = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  while (sizeBytes <= maxStatementBytes) {
    const { value, done } = await iterator.next()
    if (done) break
    chunks.push(value)
    sizeBytes += value.length
  }
  await iterator.return?.()
  return { statement: Buffer.concat(chunks), rest: body }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
