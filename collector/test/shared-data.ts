/** Where the data for tests lies; tests that need it skip loudly where it is absent. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const root = process.env['TURRET_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))

/** Is the file there? Says so when it is not. */
export function hasShared(path: string): boolean {
  const isThere = existsSync(`${root}/${path}`)
  if (!isThere) process.stderr.write(`SKIPPED: ${path} is not in ${root}; set TURRET_SHARED to where the test data lies\n`)
  return isThere
}

export function sharedPath(path: string): string {
  return `${root}/${path}`
}

/** Parsed JSON; the caller knows its shape. */
export function readSharedJson(path: string): unknown {
  return JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))
}

/** Rows of a `.jsonl.gz` file. */
export function readSharedRows<T>(path: string): T[] {
  const lines = gunzipSync(readFileSync(`${root}/${path}`))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as T)
}
