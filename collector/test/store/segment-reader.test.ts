import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SegmentReader } from '../../src/store/segment-reader.ts'

it('reads each segment whole, whether it is longer or shorter than the one before', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'turret-test-'))
  const reader = new SegmentReader()

  for (const sizeBytes of [10, 300_000, 0, 5]) {
    const written = randomBytes(sizeBytes)
    await writeFile(join(directory, 'a.segment'), written)

    expect((await reader.read(join(directory, 'a.segment'))).equals(written)).toBe(true)
  }
  await rm(directory, { recursive: true })
})
