/** Reads the protobuf wire format in place: no message objects, no copies. */

/** The bytes are not well-formed protobuf. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

export const wireType = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const

/**
 * A cursor over one buffer. Every `length()` answers where the nested message ends; the caller reads until `pos` is there.
 * Source: protobuf.dev/programming-guides/encoding.
 * @throws WireError from every method when a value runs over its limit or has a forbidden form
 */
export class WireReader {
  readonly bytes: Buffer
  pos: number

  constructor(bytes: Buffer, pos = 0) {
    this.bytes = bytes
    this.pos = pos
  }

  /** The next field's tag: field number × 8 + wire type. `end` is where the enclosing message ends. */
  tag(end: number): number {
    const tag = this.varint(end)
    if (tag >>> 3 === 0 || tag > 0xffffffff) throw new WireError(`field number 0 at byte ${this.pos}`)
    return tag
  }

  /** An unsigned varint as a number; exact to 2^53, above that only its low 53 bits matter to no caller. */
  varint(end: number): number {
    const { bytes } = this
    let pos = this.pos
    if (pos >= end) throw new WireError(`message cut off at byte ${pos}`)
    let byte = bytes[pos++]!
    if (byte < 0x80) {
      this.pos = pos
      return byte
    }
    let value = byte & 0x7f
    let scale = 0x80
    for (let i = 1; i < 10; i++) {
      if (pos >= end) throw new WireError(`message cut off at byte ${pos}`)
      byte = bytes[pos++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        this.pos = pos
        return value
      }
      scale *= 0x80
    }
    throw new WireError(`varint longer than 10 bytes at byte ${this.pos}`)
  }

  /** A signed 64-bit varint, exact. */
  int64(end: number): bigint {
    let value = 0n
    let shift = 0n
    for (let i = 0; i < 10; i++) {
      if (this.pos >= end) throw new WireError(`message cut off at byte ${this.pos}`)
      const byte = this.bytes[this.pos++]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
      shift += 7n
    }
    throw new WireError(`varint longer than 10 bytes at byte ${this.pos}`)
  }

  fixed64(end: number): bigint {
    return this.bytes.readBigUInt64LE(this.advance(8, end))
  }

  double(end: number): number {
    return this.bytes.readDoubleLE(this.advance(8, end))
  }

  fixed32(end: number): number {
    return this.bytes.readUInt32LE(this.advance(4, end))
  }

  /** Reads a length prefix and answers where that field ends; `pos` is then its first byte. */
  length(end: number): number {
    const length = this.varint(end)
    const fieldEnd = this.pos + length
    if (fieldEnd > end) throw new WireError(`field of ${length} bytes runs over the end of its message at byte ${this.pos}`)
    return fieldEnd
  }

  /** A length-prefixed string; bytes that are not UTF-8 become U+FFFD. */
  string(end: number): string {
    const fieldEnd = this.length(end)
    const text = this.bytes.toString('utf8', this.pos, fieldEnd)
    this.pos = fieldEnd
    return text
  }

  /** Steps over the value of a field that the caller does not know. */
  skip(tag: number, end: number): void {
    const type = tag & 7
    if (type === wireType.length) this.pos = this.length(end)
    else if (type === wireType.varint) this.varint(end)
    else if (type === wireType.fixed64) this.advance(8, end)
    else if (type === wireType.fixed32) this.advance(4, end)
    else throw new WireError(`wire type ${type} is not allowed, at byte ${this.pos}`)
  }

  private advance(sizeBytes: number, end: number): number {
    const start = this.pos
    if (start + sizeBytes > end) throw new WireError(`message cut off at byte ${start}`)
    this.pos = start + sizeBytes
    return start
  }
}
