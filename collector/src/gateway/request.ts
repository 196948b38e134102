/** Reads a request of ClickHouse's HTTP interface: who asks, what, and which of the settings that clients send are obeyed. */
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { GatewayError, denied } from './gateway-error.ts'
import { openFormats } from './check-query.ts'

export interface GatewayRequest {
  readonly sql: string
  /** Where the statement names none. */
  readonly format: string
  /** What is handed on of the URL: parameters of the query, and settings that only form its result. */
  readonly handedOn: URLSearchParams
}

export const maxQueryBytes = 256 * 1024 // ClickHouse's own max_query_size
const plainKeys = new Set([
  'query_id',
  'client_protocol_version',
  'enable_http_compression',
  'http_zlib_compression_level',
  'limit',
  'offset',
])
// They change how values are written, and neither what is read nor how Native blocks are framed.
const outputSettings =
  /^(?:date_time_output_format|output_format_json_\w+|output_format_csv_\w+|output_format_tsv_\w+|output_format_arrow_\w+)$/
const decompress = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) }

/**
 * What clients send besides, such as `session_id` or `max_threads`, is ignored: it would be refused by a read-only session anyway.
 * @param database the only one there is
 * @throws GatewayError for a database, a format, an encoding or a size that is not served
 */
export async function readGatewayRequest(request: IncomingMessage, url: URL, database: string): Promise<GatewayRequest> {
  const query = url.searchParams
  if (query.get('compress') === '1' || query.get('decompress') === '1') {
    throw new GatewayError('unsupported', 'compressed blocks are not available here: use gzip')
  }
  if (request.headers['content-type']?.startsWith('multipart/') === true) {
    throw new GatewayError('unsupported', 'multipart bodies are not available here: put parameters into the URL')
  }
  const asked = query.get('database') ?? header(request, 'x-clickhouse-database') ?? ''
  if (!['', 'default', database].includes(asked)) throw new GatewayError('unknownDatabase', `the only database here is ${database}`)
  const format = query.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated'
  if (!openFormats.has(format)) throw denied('this output format is not available here')

  const handedOn = new URLSearchParams()
  for (const [key, value] of query) {
    if (plainKeys.has(key) || /^param_[A-Za-z_]\w*$/.test(key) || outputSettings.test(key)) handedOn.set(key, value)
  }
  return { sql: await readSql(request, query.get('query') ?? ''), format, handedOn }
}

async function readSql(request: IncomingMessage, fromUrl: string): Promise<string> {
  const body = await unpack(request, await readBody(request))
  if (body.length > 0 && fromUrl !== '') throw denied('a query stands in the URL or in the body, not in both')
  const bytes = body.length > 0 ? body : Buffer.from(fromUrl)
  if (bytes.length > maxQueryBytes) throw tooLarge()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new GatewayError('syntax', 'a query is text in UTF-8', { cause })
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > maxQueryBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function unpack(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const encoding = header(request, 'content-encoding') ?? 'identity'
  if (encoding === 'identity' || body.length === 0) return body
  if (!Object.hasOwn(decompress, encoding)) throw new GatewayError('unsupported', 'Content-Encoding: expected gzip, deflate or br')
  try {
    return await decompress[encoding as keyof typeof decompress](body, { maxOutputLength: maxQueryBytes })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge()
    throw new GatewayError('syntax', `the body is not ${encoding}`, { cause })
  }
}

function tooLarge(): GatewayError {
  return new GatewayError('tooLarge', `a query may have ${maxQueryBytes} bytes`)
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
