/** What a running collector holds at one moment: memory, files, and what waits. */
import { type Dirent, readdirSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { usageOf } from '../load/usage.ts'

/** In the order in which it is printed. */
export interface Look {
  readonly minute: number
  readonly frontMb: number
  /** Of the front's main thread: what JavaScript holds, garbage included. */
  readonly heapMb: number
  readonly engineMb: number
  readonly spoolMb: number
  /** Segments that are not stored yet. */
  readonly waiting: number
  /** Open files and sockets of both processes. */
  readonly descriptors: number
  /** Directories of parts; those that were merged stay for eight minutes more. */
  readonly parts: number
  readonly diskMb: number
}

export async function lookAt(at: {
  readonly url: string
  readonly processes: { readonly front: number; readonly engine: number }
  readonly dataDir: string
  readonly minute: number
}): Promise<Look> {
  const { front, engine } = at.processes
  const health = (await (await fetch(`${at.url}/health`)).json()) as { spool: { bytes: number; segments: number } }
  const metrics = await (await fetch(`${at.url}/metrics`)).text()
  const heapBytes = Number(/^otelcol_process_nodejs_heap_size_used_bytes (\d+)/m.exec(metrics)?.[1])
  const { parts, bytes } = await measure(at.dataDir)
  const descriptors = [front, engine].reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)
  return {
    minute: at.minute,
    frontMb: usageOf(front).residentBytes / 1e6,
    heapMb: heapBytes / 1e6,
    engineMb: usageOf(engine).residentBytes / 1e6,
    spoolMb: health.spool.bytes / 1e6,
    waiting: health.spool.segments,
    descriptors,
    parts,
    diskMb: bytes / 1e6,
  }
}

/** Files come and go while they are looked at: what is gone counts nothing. */
async function measure(directory: string): Promise<{ parts: number; bytes: number }> {
  const entries = await list(directory)
  const parts = entries.filter((entry) => entry.name === 'columns.txt').length
  const sizeOf = (path: string): Promise<number> =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    )
  const sizes = await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => sizeOf(join(entry.parentPath, entry.name))))
  return { parts, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

/** A directory that goes while it is read ends the reading: then once more. */
async function list(directory: string, attempts = 20): Promise<Dirent[]> {
  try {
    return await readdir(directory, { recursive: true, withFileTypes: true })
  } catch (error) {
    if (attempts === 1) throw error
    return list(directory, attempts - 1)
  }
}
