import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeEntry } from '../../src/spool/entry.ts'
import { SegmentReader } from '../../src/store/segment-reader.ts'

describe('a segment that is read piece by piece', () => {
  let directory: string
  let path: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'turret-test-'))
    path = join(directory, 'a.segment')
  })
  afterEach(() => rm(directory, { recursive: true }))

  /** Each entry holds so many bytes, one of them its number. */
  const segmentOf = (sizes: readonly number[]): Buffer =>
    Buffer.concat(
      sizes.flatMap((size, i) => encodeEntry({ project: `p${i}`, receivedAt: 1n, traces: Buffer.alloc(size, i), events: Buffer.alloc(0) })),
    )

  async function read(reader: SegmentReader) {
    const found: string[] = []
    const bytes: Buffer[] = []
    const { end, tail } = await reader.read(path, { verify: true }, async (piece) => {
      for (const entry of piece.entries) {
        expect(entry.intact).toBe(true)
        found.push(entry.project)
        bytes.push(Buffer.from(piece.bytes.subarray(entry.start, entry.end)))
        expect(piece.offset + entry.end).toBe(bytes.reduce((sum, { length }) => sum + length, 0))
      }
    })
    return { found, bytes: Buffer.concat(bytes), end, tail }
  }

  it('brings every entry once and whole, however large, and whatever was read before', async () => {
    const reader = new SegmentReader()

    for (const sizes of [[10, 20], [], [400_000, 400_000, 400_000, 5], [3_000_000, 10, 1_200_000], [7]]) {
      const written = segmentOf(sizes)
      await writeFile(path, written)
      const { found, bytes, end, tail } = await read(reader)

      expect(found).toEqual(sizes.map((_, i) => `p${i}`))
      expect(bytes.equals(written)).toBe(true)
      expect([end, tail.length]).toEqual([written.length, 0])
    }
  })

  it('says where the last whole entry ends and what stands behind it', async () => {
    const whole = segmentOf([500_000, 900_000])
    await writeFile(path, segmentOf([500_000, 900_000, 2_000_000]))
    await truncate(path, whole.length + 1_500_000)

    const { found, end, tail } = await read(new SegmentReader())

    expect([found, end]).toEqual([['p0', 'p1'], whole.length])
    expect(tail.equals((await readFile(path)).subarray(end))).toBe(true)
  })
})
