// Puts the data of an INSERT into a file, for the engine reads data from files alone.

import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { realpath, rm, stat } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EngineError, errorCodes } from './engine-error.ts'

export const maxBodyBytes = 1024 * 1024 * 1024 // of one insert, unpacked: far above a spool segment, far below a disk

export interface BodyFile {
  readonly path: string
  /** Removes what was written for this request; leaves a file alone that the caller named. */
  remove(): Promise<void>
}

/**
 * Writes a body into a new file of `directory`.
 * @throws EngineError 307 beyond `maxBodyBytes`; the stream's own error if the sender went away
 */
export async function writeBodyFile(directory: string, head: Uint8Array, body: Readable, signal: AbortSignal): Promise<BodyFile> {
  const path = join(directory, `body-${randomUUID()}`)
  const file: BodyFile = { path, remove: () => rm(path, { force: true }) }
  let sizeBytes = head.length
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      if (sizeBytes <= maxBodyBytes) done(null, chunk)
      else done(new EngineError(errorCodes.tooManyBytes, `the data of an INSERT may have ${maxBodyBytes} bytes`))
    },
  })
  const target = createWriteStream(path)
  try {
    if (head.length > 0) target.write(head)
    await pipeline(body, limit, target, { signal })
    return file
  } catch (error) {
    await file.remove()
    throw error
  }
}

/**
 * A file that lies on this machine already, used in place.
 * @throws EngineError 76 if it is not a file inside `directory`, links followed
 */
export async function existingBodyFile(directory: string, path: string): Promise<BodyFile> {
  const refuse = (why: string): EngineError => new EngineError(errorCodes.cannotOpenFile, `x-turret-body-file: ${why}`)
  if (!isAbsolute(path)) throw refuse('the path must be absolute')
  const [real, root] = await Promise.all([
    realpath(path).catch((cause: unknown) => {
      throw new EngineError(errorCodes.cannotOpenFile, 'x-turret-body-file: no such file', { cause })
    }),
    realpath(directory),
  ])
  if (!real.startsWith(root + sep)) throw refuse('the file must lie inside the data directory')
  if (/[*?{}]/.test(real)) throw refuse('the path must not hold any of * ? { }')
  if (!(await stat(real)).isFile()) throw refuse('not a regular file')
  return { path: real, remove: async () => {} }
}
