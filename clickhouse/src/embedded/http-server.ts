// ClickHouse's HTTP interface in front of the embedded engine: request in, statement run, result or error out.

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { existingBodyFile, writeBodyFile, type BodyFile } from './body-file.ts'
import type { Engine } from './engine.ts'
import { EngineError, errorCodes, toEngineError } from './engine-error.ts'
import { maxStatementBytes, readRequest, type QueryRequest } from './http-request.ts'
import { sendError, sendResult } from './http-response.ts'
import { frameNative } from './native-frame.ts'
import { parseStatement, type Statement } from './statement.ts'

export interface HttpServerOptions {
  readonly engine: Engine
  readonly password: string
  /** Files inside it may be named as the data of an INSERT. */
  readonly dataDirectory: string
  readonly temporaryDirectory: string
}

const bodyFileHeader = 'x-turret-body-file'
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
    const { settings, parameters, database, protocolVersion } = query
    const format = statement.format ?? query.format
    const isFramed = format === 'Native' && protocolVersion > 0
    const run = await options.engine.run(
      { ...statement, sql },
      {
        settings,
        parameters,
        format,
        database,
        signal: aborter.signal,
        ...(isFramed && { rewrite: (parts) => frameNative(parts, protocolVersion) }),
      },
    )
    await sendResult(response, run, {
      format,
      isGzip: query.acceptsGzip,
      timezone: options.engine.timezone,
    })
  } finally {
    await body?.remove()
  }
}

/** The statement, and the bytes behind it that are data already. Offsets are bytes: Latin-1 has one character for each. */
function separate(query: QueryRequest): { statement: Statement; dataHead: Buffer } {
  const text = query.statement.toString('latin1')
  const { insert } = parseStatement(text)
  if (!insert && query.statement.length > maxStatementBytes) {
    throw new EngineError(errorCodes.queryIsTooLarge, `a statement may have ${maxStatementBytes} bytes`)
  }
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
