/** Reads segments into memory that is used again for the next one: tens of megabytes a second would wait for the garbage collector. */
import { type FileHandle, open } from 'node:fs/promises'

/** For one reader at a time: what it read is overwritten by the next call. */
export class SegmentReader {
  private memory = Buffer.alloc(0)

  /** The whole file. @throws Error of the file system */
  async read(path: string): Promise<Buffer> {
    const file = await open(path, 'r')
    try {
      const { size: sizeBytes } = await file.stat()
      if (sizeBytes > this.memory.length) this.memory = Buffer.allocUnsafeSlow(sizeBytes)
      return this.memory.subarray(0, await fill(file, this.memory, sizeBytes))
    } finally {
      await file.close()
    }
  }
}

async function fill(file: FileHandle, memory: Buffer, sizeBytes: number): Promise<number> {
  let filled = 0
  while (filled < sizeBytes) {
    const { bytesRead } = await file.read(memory, filled, sizeBytes - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}
