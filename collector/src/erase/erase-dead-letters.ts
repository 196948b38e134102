/** Deletes dead letters that hold something of a subject. */
import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Subject, Traces } from './subject.ts'

const suffix = '.entry'

/**
 * Looks for ids in the bytes, for a dead letter may be too broken to be read: an id is found as protobuf has it, behind its
 * length, and a trace id as its 16 bytes.
 * @returns dead letters deleted
 */
export async function eraseDeadLetters(directory: string, { ids }: Subject, { traceIds, sessionIds }: Traces): Promise<number> {
  const needles = [...[...ids, ...sessionIds].map(delimited), ...traceIds.map((id) => Buffer.from(id, 'hex'))].filter(
    ({ length }) => length > 1,
  )
  let erased = 0
  for (const name of await namesIn(directory)) {
    const bytes = await readFile(join(directory, name))
    if (!needles.some((needle) => bytes.includes(needle))) continue
    await rm(join(directory, name))
    await rm(join(directory, `${name.slice(0, -suffix.length)}.reason.txt`), { force: true })
    erased += 1
  }
  return erased
}

function delimited(id: string): Buffer {
  const bytes = Buffer.from(id)
  const { length } = bytes
  return Buffer.concat([Buffer.from(length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7]), bytes])
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith(suffix))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
