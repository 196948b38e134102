/** A string that stays where it stands in a message: it is copied as bytes, and decoded only when somebody asks for it. */
import { isUtf8 } from 'node:buffer'

/** Valid UTF-8; bytes that are not become U+FFFD, as they do when a string is decoded. */
export class RawText {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  private readonly isAscii: boolean
  private decoded: string | undefined

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.isAscii = isAsciiOnly(bytes, start, end)
    this.bytes = bytes
    this.start = start
    this.end = end
    if (this.isAscii || isUtf8(bytes.subarray(start, end))) return
    this.decoded = bytes.toString('utf8', start, end)
    this.bytes = Buffer.from(this.decoded)
    this.start = 0
    this.end = this.bytes.length
  }

  get sizeBytes(): number {
    return this.end - this.start
  }

  /** UTF-16 code units, as of the decoded string. */
  get length(): number {
    return this.isAscii ? this.sizeBytes : this.text.length
  }

  get text(): string {
    this.decoded ??= this.bytes.toString(this.isAscii ? 'latin1' : 'utf8', this.start, this.end)
    return this.decoded
  }

  /** Nothing but white space; a first byte that is none says so without decoding. */
  get isBlank(): boolean {
    if (this.sizeBytes === 0) return true
    return this.isAscii && this.bytes[this.start]! > 0x20 ? false : this.text.trim() === ''
  }

  equals(other: RawText): boolean {
    if (this.sizeBytes !== other.sizeBytes) return false
    for (let i = 0; i < this.sizeBytes; i++) if (this.bytes[this.start + i] !== other.bytes[other.start + i]) return false
    return true
  }
}

export const noText = new RawText(Buffer.alloc(0))

function isAsciiOnly(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 0x7f) return false
  return true
}
