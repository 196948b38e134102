/** Rows on their way into a table: a file beside the segment they come from, so that a segment of any size takes little memory. */
import { type FileHandle, open, rm } from 'node:fs/promises'

/** Made with the first row; what a crash left under the same path is written over. */
export class RowFile {
  readonly path: string
  private file: FileHandle | undefined

  constructor(path: string) {
    this.path = path
  }

  get isEmpty(): boolean {
    return this.file === undefined
  }

  /** @param messages length-delimited, one a row */
  async append(messages: Buffer): Promise<void> {
    if (messages.length === 0) return
    this.file ??= await open(this.path, 'w')
    await this.file.writeFile(messages)
  }

  async remove(): Promise<void> {
    await this.file?.close()
    await rm(this.path, { force: true })
    this.file = undefined
  }
}
