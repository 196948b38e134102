/** Keeps the spool from filling its disk: the database may live there too, and could never take in what waits if there were no room. */
import { statfs } from 'node:fs/promises'

const MiB = 1024 * 1024
const lookMs = 500
const reservedShare = 0.05
const minReservedBytes = 64 * MiB // four segments on their way into tables
const maxReservedBytes = 1024 * MiB

/** Looks at an interval; between two looks its answer stands. */
export class DiskSpace {
  private readonly directory: string
  private readonly onFailure: (error: unknown) => void
  private timer: NodeJS.Timeout | undefined
  private short = false

  constructor(directory: string, onFailure: (error: unknown) => void) {
    this.directory = directory
    this.onFailure = onFailure
  }

  /** What is left is for the database. */
  get isShort(): boolean {
    return this.short
  }

  start(): void {
    this.timer = setInterval(() => void this.look().catch(this.onFailure), lookMs).unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private async look(): Promise<void> {
    const { bavail, blocks, bsize } = await statfs(this.directory)
    const reservedBytes = Math.min(maxReservedBytes, Math.max(minReservedBytes, blocks * bsize * reservedShare))
    this.short = bavail * bsize < reservedBytes
  }
}
