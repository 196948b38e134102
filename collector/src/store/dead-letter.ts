/** Where entries go that can never be stored: kept for a person, counted, and never in anyone's way. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Keeps the bytes of one entry with the reason beside it. The reason never holds user text. */
export async function writeDeadLetter(directory: string, name: string, bytes: Buffer, reason: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, `${name}.entry`), bytes)
  await writeFile(join(directory, `${name}.reason.txt`), `${reason}\n`)
}
