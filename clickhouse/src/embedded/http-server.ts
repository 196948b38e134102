// ClickHouse's HTTP interface in front of the embedded engine: request in, statement run, result or error out.

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { existingBodyFile, writeBodyFile, type BodyFile } from './body-file.ts'
import type { Engine, Run } from './engine.ts'
import { EngineError, errorCodes, toEngineError } from './engine-error.ts'
import { readRequest, type QueryRequest } from './http-request.ts'
import { parseStatement, type Statement } from './statement.ts'

export interface HttpServerOptions {
  readonly engine: Engine
  readonly password: string
  /** Files inside it may be named as the data of an INSERT. */
  readonly dataDirectory: string
  readonly temporaryDirectory: string
}

const bodyFileHeader = 'x-turret-body-file'
const contentTypes: ReadonlyMap<string, string> = new Map([
  ...['JSON', 'JSONCompact', 'JSONStrings', 'JSONObjectEachRow'].map((format) => [format, 'application/json; charset=UTF-8'] as const),
  ...['JSONEachRow', 'JSONCompactEachRow', 'JSONLines', 'NDJSON'].map((format) => [format, 'application/x-ndjson; charset=UTF-8'] as const),
  ...['CSV', 'CSVWithNames'].map((format) => [format, 'text/csv; charset=UTF-8; header=absent'] as const),
  ...['Native', 'RowBinary', 'Parquet', 'Arrow'].map((format) => [format, 'application/octet-stream'] as const),
])

/** The server, not yet listening. */
export function createHttpServer(options: HttpServerOptions): Server {
  const server = createServer({ maxHeaderSize: 1024 * 1024, keepAliveTimeout: 30_000 }, (request, response) => {
    handle(request, response, options).catch((error: unknown) => sendError(response, toEngineError(error)))
  })
  server.requestTimeout = 0 // a slow sender of a large insert is not an error on a private port
  return server
}

async function handle(request: IncomingMessage, response: ServerResponse, options: HttpServerOptions): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/ping') return void response.end('Ok.\n')
  if (url.pathname !== '/') return void response.writeHead(404).end('There is no handle here: use / or /ping\n')

  const aborter = new AbortController()
  response.on('close', () => aborter.abort())
  const query = await readRequest(request, url, options.password)
  const queryId = query.queryId ?? randomUUID()
  response.setHeader('X-ClickHouse-Query-Id', queryId.replaceAll(/[^\x21-\x7e]/g, '?'))
  const { statement, dataHead } = separate(query)
  const body = statement.insert && (await receiveBody(request, query, dataHead, options, aborter.signal))
  try {
    if (body === undefined) query.rest.resume()
    const sql = statement.insert && body ? statement.insert.from(body.path) : statement.sql
    const { settings, parameters, format, database } = query
    const run = await options.engine.run(
      { ...statement, sql },
      { settings, parameters, format, signal: aborter.signal, ...(database !== undefined && { database }) },
    )
    await sendResult(response, run, statement.format ?? format, query, options.engine)
  } finally {
    await body?.remove()
  }
}

/** The statement, and the bytes behind it that are data already. Offsets are bytes: Latin-1 has one character for each. */
function separate(query: QueryRequest): { statement: Statement; dataHead: Buffer } {
  const text = query.statement.toString('latin1')
  const { insert } = parseStatement(text)
  const end = insert ? insert.dataStart : text.length
  const statement = parseStatement(query.statement.subarray(0, end).toString('utf8'))
  return { statement, dataHead: query.statement.subarray(end) }
}

async function receiveBody(
  request: IncomingMessage,
  query: QueryRequest,
  head: Buffer,
  options: HttpServerOptions,
  signal: AbortSignal,
): Promise<BodyFile> {
  const named = request.headers[bodyFileHeader]
  if (typeof named !== 'string') return writeBodyFile(options.temporaryDirectory, head, query.rest, signal)
  query.rest.resume()
  return existingBodyFile(options.dataDirectory, decodeURIComponent(named))
}

async function sendResult(response: ServerResponse, run: Run, format: string, query: QueryRequest, engine: Engine): Promise<void> {
  const { readRows, readBytes, writtenRows } = run.summary
  response.setHeader('Content-Type', contentTypes.get(format) ?? 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Format', format)
  response.setHeader('X-ClickHouse-Timezone', engine.timezone)
  response.setHeader('X-ClickHouse-Server-Display-Name', 'turret-embedded')
  response.setHeader(
    'X-ClickHouse-Summary',
    JSON.stringify({ read_rows: `${readRows}`, read_bytes: `${readBytes}`, written_rows: `${writtenRows}`, written_bytes: '0' }),
  )
  const packing: Transform[] = query.acceptsGzip ? [createGzip({ level: 1 })] : []
  if (query.acceptsGzip) response.setHeader('Content-Encoding', 'gzip')
  // An error from here on comes too late for a status: the connection is cut, so that nobody takes the part for the whole.
  await pipeline([Readable.from(run.parts, { objectMode: false }), ...packing, response])
}

function sendError(response: ServerResponse, error: EngineError): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  for (const name of ['Content-Encoding', 'X-ClickHouse-Summary']) response.removeHeader(name)
  if (error.code === errorCodes.requiredPassword[0]) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"')
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Exception-Code', String(error.code))
  // The sender may still be sending: after an early error the connection is of no further use.
  response.writeHead(error.status, { Connection: 'close' }).end(`${error.message}\n`)
}
