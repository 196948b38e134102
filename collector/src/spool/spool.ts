/** The write-ahead log: what was acknowledged is on disk, in segments that wait for the store stage. */
import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CollectorError } from '../errors.ts'
import { DiskSpace } from './disk-space.ts'
import { type Entry, encodeEntry } from './entry.ts'
import { FairShare } from './fair-share.ts'
import { maxGroupBuffers, syncDirectory, writeAll } from './segment-file.ts'

/** A segment that takes no more entries. Its id is unique for ever: it is the deduplication token of its INSERTs. */
export interface Segment {
  readonly id: string
  readonly path: string
  readonly sizeBytes: number
  /** Left over from an earlier run: its tail may be torn, its bits may have flipped. */
  readonly replayed: boolean
}

export interface SpoolOptions {
  readonly directory: string
  /** Bytes on disk and waiting; more are refused with SPOOL_FULL. */
  readonly maxBytes: number
  /** A segment is sealed when it holds this much… */
  readonly segmentBytes: number
  /** …or when its first entry is this old. */
  readonly segmentAgeMs: number
  /** Called for each sealed segment, in order; the receiver calls `remove` when it is stored. */
  readonly onSegment: (segment: Segment) => void
  /** The receiver is busy with earlier segments: one that is only old may grow on, so that fewer and larger ones follow. */
  readonly isBehind?: () => boolean
  readonly onFailure: (error: unknown) => void
}

interface Waiting {
  readonly project: string
  readonly buffers: readonly Buffer[]
  readonly sizeBytes: number
  resolve(): void
  reject(error: unknown): void
}

interface OpenSegment {
  readonly id: string
  readonly path: string
  readonly file: FileHandle
  sizeBytes: number
}

const suffix = '.segment'
const behindMs = 20 // how soon a segment that waited is looked at again
const failedMs = 5_000 // how long a failed write counts: then the next one shows

/**
 * Group commit: everything that waits is written and synced together, then all of it is acknowledged.
 * One loop owns the open segment, so a roll can never meet a write.
 */
export class Spool {
  private readonly options: SpoolOptions
  private readonly waiting: Waiting[] = []
  private readonly sizes = new Map<string, number>()
  private readonly shares: FairShare
  private readonly disk: DiskSpace
  private current: OpenSegment | undefined
  private waitingBytes = 0
  private storedBytes = 0
  private sealDue = false
  private sealTimer: NodeJS.Timeout | undefined
  private pumping: Promise<void> | undefined
  private stopped = false
  private failedAtMs = -Infinity

  constructor(options: SpoolOptions) {
    this.options = options
    this.shares = new FairShare(options.maxBytes)
    this.disk = new DiskSpace(options.directory, options.onFailure)
  }

  /** Bytes on disk and waiting to be written. */
  get sizeBytes(): number {
    return this.storedBytes + this.waitingBytes
  }

  /** Is there room on the disk, and did it take what was written last? */
  get isWritable(): boolean {
    return !this.disk.isShort && performance.now() - this.failedAtMs > failedMs
  }

  /** Segments on disk, the open one included. */
  get segments(): number {
    return this.sizes.size
  }

  /** Creates the directory and hands over what an earlier run left, oldest first. */
  async start(): Promise<void> {
    const { directory, onSegment } = this.options
    await mkdir(directory, { recursive: true })
    this.disk.start()
    const names = (await readdir(directory)).filter((name) => name.endsWith(suffix)).sort()
    for (const name of names) {
      const path = join(directory, name)
      const { size: sizeBytes } = await stat(path)
      const id = name.slice(0, -suffix.length)
      this.track(id, sizeBytes)
      onSegment({ id, path, sizeBytes, replayed: true })
    }
  }

  /**
   * Resolves when the entry is on disk: synced, not only written.
   * @throws CollectorError SPOOL_FULL when the project's share is used up or the disk is full; SHUTTING_DOWN after stop
   */
  async append(entry: Entry): Promise<void> {
    if (this.stopped) throw new CollectorError('SHUTTING_DOWN', 'the collector is shutting down')
    const buffers = encodeEntry(entry)
    const sizeBytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
    if (this.disk.isShort) throw new CollectorError('SPOOL_FULL', 'the disk is full', { retryAfterSeconds: 5 })
    if (!this.shares.hasRoom(entry.project, sizeBytes, this.sizeBytes)) {
      throw new CollectorError('SPOOL_FULL', 'the spool is full: events arrive faster than they can be stored', { retryAfterSeconds: 5 })
    }
    this.waitingBytes += sizeBytes
    const { project } = entry
    this.shares.hold(project, sizeBytes)
    const written = new Promise<void>((resolve, reject) => this.waiting.push({ project, buffers, sizeBytes, resolve, reject }))
    this.pump()
    return written
  }

  /** Seals the open segment now, so that what was acknowledged is stored at once. */
  roll(): void {
    this.sealDue = true
    this.pump()
  }

  /** Seals the open segment and waits for it. @returns ids of all segments that are not stored yet */
  async sealAll(): Promise<readonly string[]> {
    this.roll()
    while (this.pumping !== undefined) await this.pumping
    return [...this.sizes.keys()].filter((id) => id !== this.current?.id)
  }

  /** Is the segment still to be stored? */
  holds(id: string): boolean {
    return this.sizes.has(id)
  }

  /** Forgets a segment that the store stage has finished with. */
  async remove(segment: Segment): Promise<void> {
    await rm(segment.path, { force: true })
    this.storedBytes -= this.sizes.get(segment.id) ?? 0
    this.sizes.delete(segment.id)
    this.shares.release(segment.id)
  }

  /** Takes no more, writes what waits, seals the open segment. */
  async stop(): Promise<void> {
    this.stopped = true
    this.disk.stop()
    this.roll()
    while (this.pumping !== undefined) await this.pumping
  }

  private pump(): void {
    this.pumping ??= this.work().finally(() => {
      this.pumping = undefined
      if (this.waiting.length > 0 || (this.sealDue && this.current !== undefined)) this.pump()
    })
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.takeGroup()
      try {
        await this.commit(group)
        for (const entry of group) entry.resolve()
      } catch (error) {
        this.options.onFailure(error)
        this.failedAtMs = performance.now()
        const full = new CollectorError('SPOOL_FULL', 'the spool cannot be written', { cause: error, retryAfterSeconds: 5 })
        for (const entry of group) {
          this.shares.hold(entry.project, -entry.sizeBytes)
          entry.reject(full)
        }
      }
      if ((this.current?.sizeBytes ?? 0) >= this.options.segmentBytes) this.sealDue = true
      if (this.sealDue) await this.seal()
    }
    if (this.sealDue) await this.seal()
  }

  /** As many waiting entries as one segment and one writev take; at least one. */
  private takeGroup(): Waiting[] {
    const room = this.options.segmentBytes - (this.current?.sizeBytes ?? 0)
    let count = 0
    let sizeBytes = 0
    let buffers = 0
    while (count < this.waiting.length) {
      const next = this.waiting[count]!
      if (count > 0 && (sizeBytes + next.sizeBytes > room || buffers + next.buffers.length > maxGroupBuffers)) break
      sizeBytes += next.sizeBytes
      buffers += next.buffers.length
      count++
    }
    this.waitingBytes -= sizeBytes
    return this.waiting.splice(0, count)
  }

  /** Writes and syncs a group. After a failure the segment is cut back to what was acknowledged, or given up. */
  private async commit(group: readonly Waiting[]): Promise<void> {
    const segment = (this.current ??= await this.openSegment())
    try {
      const buffers = group.flatMap((entry) => entry.buffers)
      const written = await writeAll(segment.file, buffers, segment.sizeBytes)
      await segment.file.datasync()
      segment.sizeBytes += written
      this.track(segment.id, segment.sizeBytes)
      for (const { project, sizeBytes } of group) this.shares.keep(segment.id, project, sizeBytes)
    } catch (error) {
      await segment.file.truncate(segment.sizeBytes).catch((cause: unknown) => {
        this.options.onFailure(cause)
        this.sealDue = true // never append behind a torn entry
      })
      throw error
    }
  }

  private async openSegment(): Promise<OpenSegment> {
    const { directory, segmentAgeMs } = this.options
    const id = `${Date.now().toString().padStart(15, '0')}-${randomBytes(6).toString('hex')}`
    const path = join(directory, id + suffix)
    const file = await open(path, 'wx')
    await syncDirectory(directory)
    this.sealLater(segmentAgeMs)
    this.track(id, 0)
    return { id, path, file, sizeBytes: 0 }
  }

  private sealLater(ms: number): void {
    this.sealTimer = setTimeout(() => {
      if (this.options.isBehind?.() === true) this.sealLater(behindMs)
      else this.roll()
    }, ms)
  }

  private async seal(): Promise<void> {
    this.sealDue = false
    const segment = this.current
    if (segment === undefined) return
    this.current = undefined
    clearTimeout(this.sealTimer)
    await segment.file.close()
    const { id, path, sizeBytes } = segment
    if (sizeBytes === 0) await this.remove({ id, path, sizeBytes, replayed: false })
    else this.options.onSegment({ id, path, sizeBytes, replayed: false })
  }

  private track(id: string, sizeBytes: number): void {
    this.storedBytes += sizeBytes - (this.sizes.get(id) ?? 0)
    this.sizes.set(id, sizeBytes)
  }
}
