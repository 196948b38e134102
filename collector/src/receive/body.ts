/** Reads a request's body within limits, before and after decompression. */
import type { IncomingMessage } from 'node:http'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Transform } from 'node:stream'
import { CollectorError } from '../errors.ts'
import { createZstdDecompress } from './zstd.ts'

export interface BodyLimits {
  /** Applies to the bytes on the wire and to the decompressed bytes alike. */
  readonly maxBytes: number
  /** A body that takes longer is given up. */
  readonly timeoutMs: number
}

const decoders: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/**
 * The whole body, decompressed. Content-Length is a hint, never trusted.
 * @throws CollectorError BODY_TOO_LARGE, INVALID_REQUEST (broken compression, cut off, too slow), UNSUPPORTED_MEDIA_TYPE
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limits.maxBytes) throw tooLarge(limits.maxBytes)
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const timeout = setTimeout(() => request.destroy(new Error('body timed out')), limits.timeoutMs)
  try {
    if (encoding === 'identity' || encoding === 'none' || encoding === '') return await collect(request, limits.maxBytes)
    const decoder = decoders[encoding]
    if (decoder === undefined) {
      throw new CollectorError(
        'UNSUPPORTED_MEDIA_TYPE',
        `content-encoding "${encoding.slice(0, 40)}" is not supported; allowed: gzip, deflate, br, zstd, identity`,
      )
    }
    return await decompress(await collect(request, limits.maxBytes), decoder(), limits.maxBytes)
  } finally {
    clearTimeout(timeout)
  }
}

/** By events: iterating over a request costs as much as all the rest of a small one. */
function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  return new Promise((resolve, reject) => {
    const cutOff = (cause?: unknown): void => reject(new CollectorError('INVALID_REQUEST', 'the request body was cut off', { cause }))
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes <= maxBytes) chunks.push(chunk)
      else {
        request.pause()
        reject(tooLarge(maxBytes))
      }
    })
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, sizeBytes)))
    request.once('error', cutOff)
    request.once('close', cutOff)
  })
}

/** Inflates until the limit and no further: a small body may stand for gigabytes. */
async function decompress(compressed: Buffer, decoder: Transform, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  decoder.end(compressed)
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof CollectorError) throw error
    throw new CollectorError('INVALID_REQUEST', 'the compressed body is broken', { cause: error })
  } finally {
    decoder.destroy()
  }
  return Buffer.concat(chunks, sizeBytes)
}

function tooLarge(maxBytes: number): CollectorError {
  return new CollectorError('BODY_TOO_LARGE', `the body is larger than ${maxBytes} bytes, before or after decompression`)
}
