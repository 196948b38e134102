// Writes a result or an error as ClickHouse's HTTP interface does, also an error that comes when half of the result is out.

import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Run } from './engine.ts'
import { toEngineError, type EngineError, errorCodes } from './engine-error.ts'

export interface ResultOptions {
  readonly format: string
  readonly isGzip: boolean
  readonly timezone: string
}

const contentTypes: ReadonlyMap<string, string> = new Map([
  ...['JSON', 'JSONCompact', 'JSONStrings', 'JSONObjectEachRow'].map((format) => [format, 'application/json; charset=UTF-8'] as const),
  ...['JSONEachRow', 'JSONCompactEachRow', 'JSONLines', 'NDJSON'].map((format) => [format, 'application/x-ndjson; charset=UTF-8'] as const),
  ...['CSV', 'CSVWithNames'].map((format) => [format, 'text/csv; charset=UTF-8; header=absent'] as const),
  ...['Native', 'RowBinary', 'Parquet', 'Arrow'].map((format) => [format, 'application/octet-stream'] as const),
])

/** Sends a result to its end; rejects if the client goes away before. */
export async function sendResult(response: ServerResponse, run: Run, { format, isGzip, timezone }: ResultOptions): Promise<void> {
  const { readRows, readBytes, writtenRows } = run.summary
  const summary = { read_rows: `${readRows}`, read_bytes: `${readBytes}`, written_rows: `${writtenRows}`, written_bytes: '0' }
  const exceptionTag = randomBytes(8).toString('hex')
  response.setHeader('Content-Type', contentTypes.get(format) ?? 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Format', format)
  response.setHeader('X-ClickHouse-Timezone', timezone)
  response.setHeader('X-ClickHouse-Server-Display-Name', 'turret-embedded')
  response.setHeader('X-ClickHouse-Summary', JSON.stringify(summary))
  response.setHeader('X-ClickHouse-Exception-Tag', exceptionTag)
  if (isGzip) response.setHeader('Content-Encoding', 'gzip')

  let isWhole = true
  async function* parts(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* run.parts
    } catch (error) {
      isWhole = false
      yield exceptionBlock(toEngineError(error), exceptionTag)
    }
  }
  const packing: Transform[] = isGzip ? [createGzip({ level: 1 })] : []
  await pipeline([Readable.from(parts(), { objectMode: false }), ...packing, response], { end: false })
  // Without its closing chunk, nobody takes a part of the result for the whole.
  if (isWhole) response.end()
  else response.socket?.destroySoon()
}

export function sendError(response: ServerResponse, error: EngineError): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  if (error.code === errorCodes.requiredPassword[0]) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"')
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.setHeader('X-ClickHouse-Exception-Code', String(error.code))
  // The sender may still be sending: after an early error the connection is of no further use.
  response.writeHead(error.status, { Connection: 'close' }).end(`${error.message}\n`)
}

/** How ClickHouse 25.11 and later tell an error behind the rows that are out already; clients find it by the tag of the header. */
function exceptionBlock({ message }: EngineError, tag: string): Buffer {
  const text = `${message}\n`
  return Buffer.from(`\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`)
}
