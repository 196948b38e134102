/** Writes to a segment's file so that what was written stays. */
import { type FileHandle, open } from 'node:fs/promises'

export const maxGroupBuffers = 1000 // one writev takes at most 1024 buffers (IOV_MAX)

/** Writes all buffers at `position`; answers how many bytes that were. */
export async function writeAll(file: FileHandle, buffers: readonly Buffer[], position: number): Promise<number> {
  let offset = position
  for (let i = 0; i < buffers.length; i += maxGroupBuffers) {
    const batch = buffers.slice(i, i + maxGroupBuffers)
    const sizeBytes = batch.reduce((sum, buffer) => sum + buffer.length, 0)
    const { bytesWritten } = await file.writev(batch, offset)
    // A short write happens near the end of a disk; the rest goes out as one buffer, and fails there if it must.
    let rest = bytesWritten < sizeBytes ? Buffer.concat(batch).subarray(bytesWritten) : Buffer.alloc(0)
    offset += bytesWritten
    while (rest.length > 0) {
      const step = await file.write(rest, 0, rest.length, offset)
      offset += step.bytesWritten
      rest = rest.subarray(step.bytesWritten)
    }
  }
  return offset - position
}

/** A new file survives a power loss only when its directory is synced too. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
