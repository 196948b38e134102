/** Reads a segment piece by piece: it may be larger than what the process should hold. */
import { type FileHandle, open } from 'node:fs/promises'
import { type EntrySlice, readEntries } from '../spool/entry.ts'

const pieceBytes = 1024 * 1024 // a few milliseconds of work; requests are answered between two pieces

/** Some whole entries of a segment, in order. */
export interface SegmentPiece {
  /** Good until the next piece is read. */
  readonly bytes: Buffer
  /** Where `bytes` stands in the file. */
  readonly offset: number
  readonly entries: readonly EntrySlice[]
}

/** For one segment at a time: its memory is used again for the next piece. */
export class SegmentReader {
  private readonly memory = Buffer.allocUnsafeSlow(pieceBytes)

  /**
   * @param options.verify checks each entry's bytes against its checksum
   * @returns where the last whole entry ends, and what stands behind it: nothing, or a torn tail
   * @throws Error of the file system, and what `onPiece` rejects with
   */
  async read(
    path: string,
    options: { verify: boolean },
    onPiece: (piece: SegmentPiece) => Promise<void>,
  ): Promise<{ end: number; tail: Buffer }> {
    const file = await open(path, 'r')
    try {
      return await this.readFile(file, options, onPiece)
    } finally {
      await file.close()
    }
  }

  private async readFile(
    file: FileHandle,
    options: { verify: boolean },
    onPiece: (piece: SegmentPiece) => Promise<void>,
  ): Promise<{ end: number; tail: Buffer }> {
    let memory: Buffer = this.memory
    let offset = 0
    let held = 0
    for (;;) {
      const { bytesRead } = await file.read(memory, held, memory.length - held, offset + held)
      held += bytesRead
      const bytes = memory.subarray(0, held)
      const { entries, end } = readEntries(bytes, options)
      if (entries.length > 0) await onPiece({ bytes, offset, entries })
      if (bytesRead === 0) return { end: offset + end, tail: Buffer.from(bytes.subarray(end)) }
      if (end === 0 && held === memory.length) memory = enlarged(memory)
      else memory.copyWithin(0, end, held)
      offset += end
      held -= end
    }
  }
}

/** An entry may be larger than a piece. */
function enlarged(memory: Buffer): Buffer {
  const larger = Buffer.allocUnsafeSlow(memory.length * 2)
  memory.copy(larger)
  return larger
}
