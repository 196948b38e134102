/** Zstandard, which Node's zlib learns only with version 22.15. */
import { Transform } from 'node:stream'
import { Decompress } from 'fzstd'

/** A stream that decompresses; it fails on broken data and on data that ends too early. */
export function createZstdDecompress(): Transform {
  let isEnded = false
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(attempt(() => decoder.push(chunk)))
    },
    flush(done) {
      done(attempt(() => decoder.push(new Uint8Array(0), true)) ?? (isEnded ? null : new Error('zstd: the data ends too early')))
    },
  })
  const decoder = new Decompress((piece, isLast) => {
    isEnded ||= isLast === true
    // fzstd writes on in its window; what is handed on has to be a copy.
    if (piece.length > 0) stream.push(Buffer.from(piece))
  })
  return stream
}

function attempt(work: () => void): Error | null {
  try {
    work()
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
