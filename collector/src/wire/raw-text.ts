/** A string that stays where it stands in a message: it is copied as bytes, and decoded only when somebody asks for it. */
import { isUtf8 } from 'node:buffer'

const nothing = Buffer.alloc(0)

/** Valid UTF-8; bytes that are not become U+FFFD, as they do when a string is decoded. One object may stand for one text after the other. */
export class RawText {
  bytes: Buffer = nothing
  start = 0
  end = 0
  private isAscii = true
  private decoded: string | undefined

  constructor(bytes: Buffer = nothing, start = 0, end = bytes.length) {
    this.set(bytes, start, end)
  }

  /** Another text from now on. */
  set(bytes: Buffer, start: number, end: number): void {
    this.isAscii = isAsciiOnly(bytes, start, end)
    this.bytes = bytes
    this.start = start
    this.end = end
    this.decoded = undefined
    if (this.isAscii || isUtf8(bytes.subarray(start, end))) return
    this.decoded = bytes.toString('utf8', start, end)
    this.bytes = Buffer.from(this.decoded)
    this.start = 0
    this.end = this.bytes.length
  }

  clear(): void {
    this.set(nothing, 0, 0)
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

function isAsciiOnly(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 0x7f) return false
  return true
}
