/** Writes the protobuf wire format into one growing buffer. Fields with a default value are left out, as proto3 does. */
import type { RawText } from './raw-text.ts'

const maxLengthBytes = 4 // of a nested message that is written in place: 256 MiB
const shortBytes = 64 // up to here a loop is faster than a call out of JavaScript
const hexDigits = Buffer.from('0123456789abcdef')

/** A protobuf message under construction. */
export class WireWriter {
  private buffer: Buffer
  private pos = 0

  constructor(sizeBytes = 1024) {
    this.buffer = Buffer.allocUnsafe(sizeBytes)
  }

  /** Bytes written so far. */
  get sizeBytes(): number {
    return this.pos
  }

  /** The bytes written so far, copied out. */
  finish(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.pos))
  }

  /** The bytes written so far where they are: good until more is written. */
  get written(): Buffer {
    return this.buffer.subarray(0, this.pos)
  }

  /** Starts anew in the same memory. */
  reset(): this {
    this.pos = 0
    return this
  }

  /** Opens a nested message of any size; everything up to `end` goes into it. @returns what `end` asks for */
  begin(field: number): number {
    return this.varint(field * 8 + 2).beginDelimited()
  }

  /** The same for a message that stands for itself, behind its length. */
  beginDelimited(): number {
    this.reserve(maxLengthBytes)
    this.pos += maxLengthBytes
    return this.pos
  }

  /** Closes a nested message: its length stands in four bytes however small it is, so that nothing has to be moved. */
  end(start: number): this {
    let rest = this.pos - start
    if (rest >= 2 ** (7 * maxLengthBytes)) throw new RangeError(`a message of ${rest} bytes is too large to be nested`)
    for (let i = maxLengthBytes; i > 1; i--) {
      this.buffer[start - i] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[start - 1] = rest
    return this
  }

  varint(value: number): this {
    this.reserve(10)
    let rest = value
    while (rest > 0x7f) {
      this.buffer[this.pos++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.buffer[this.pos++] = rest
    return this
  }

  uint(field: number, value: number): this {
    return value === 0 ? this : this.varint(field * 8).varint(value)
  }

  /** A signed 64-bit integer, exact. Written even when zero: inside a oneof, zero is a value. */
  int64(field: number, value: bigint): this {
    this.varint(field * 8).reserve(10)
    let rest = BigInt.asUintN(64, value)
    while (rest > 0x7fn) {
      this.buffer[this.pos++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.buffer[this.pos++] = Number(rest)
    return this
  }

  fixed64(field: number, value: bigint): this {
    if (value === 0n) return this
    this.varint(field * 8 + 1).reserve(8)
    this.pos = this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.pos)
    return this
  }

  fixed32(field: number, value: number): this {
    this.varint(field * 8 + 5).reserve(4)
    this.pos = this.buffer.writeUInt32LE(value >>> 0, this.pos)
    return this
  }

  double(field: number, value: number): this {
    this.varint(field * 8 + 1).reserve(8)
    this.pos = this.buffer.writeDoubleLE(value, this.pos)
    return this
  }

  float(field: number, value: number): this {
    this.varint(field * 8 + 5).reserve(4)
    this.pos = this.buffer.writeFloatLE(value, this.pos)
    return this
  }

  string(field: number, value: string): this {
    return value === '' ? this : this.present(field, value)
  }

  /** A string that is written even when empty, for oneof members. */
  present(field: number, value: string): this {
    return this.text(field, value, Buffer.byteLength(value))
  }

  /** A nested message of two strings, its fields 1 and 2; neither is left out when empty. */
  pair(field: number, first: string, second: string): this {
    const firstBytes = Buffer.byteLength(first)
    const secondBytes = Buffer.byteLength(second)
    const sizeBytes = 2 + sizeOfVarint(firstBytes) + firstBytes + sizeOfVarint(secondBytes) + secondBytes
    return this.varint(field * 8 + 2)
      .varint(sizeBytes)
      .text(1, first, firstBytes)
      .text(2, second, secondBytes)
  }

  /** A string that is copied from another message. */
  copied(field: number, value: RawText): this {
    if (value.sizeBytes === 0) return this
    return this.varint(field * 8 + 2)
      .varint(value.sizeBytes)
      .range(value.bytes, value.start, value.end)
  }

  /** `pair` of copied strings. */
  copiedPair(field: number, first: RawText, second: RawText): this {
    const sizeBytes = 2 + sizeOfVarint(first.sizeBytes) + first.sizeBytes + sizeOfVarint(second.sizeBytes) + second.sizeBytes
    this.varint(field * 8 + 2).varint(sizeBytes)
    this.varint(10).varint(first.sizeBytes).range(first.bytes, first.start, first.end)
    return this.varint(18).varint(second.sizeBytes).range(second.bytes, second.start, second.end)
  }

  /** Some bytes as a string of lower-case hex digits. */
  hex(field: number, bytes: Buffer, start: number, end: number): this {
    if (start === end) return this
    this.varint(field * 8 + 2)
      .varint((end - start) * 2)
      .reserve((end - start) * 2)
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      this.buffer[this.pos++] = hexDigits[byte >>> 4]!
      this.buffer[this.pos++] = hexDigits[byte & 15]!
    }
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint(field * 8 + 2).varint(value.length)
    return this.raw(value)
  }

  /** Bytes as they are, without a tag. */
  raw(value: Uint8Array): this {
    this.reserve(value.length)
    this.buffer.set(value, this.pos)
    this.pos += value.length
    return this
  }

  /** Part of a buffer as it is, without a tag. */
  range(bytes: Buffer, start: number, end: number): this {
    const sizeBytes = end - start
    this.reserve(sizeBytes)
    if (sizeBytes > shortBytes) bytes.copy(this.buffer, this.pos, start, end)
    else for (let i = 0; i < sizeBytes; i++) this.buffer[this.pos + i] = bytes[start + i]!
    this.pos += sizeBytes
    return this
  }

  private text(field: number, value: string, sizeBytes: number): this {
    this.varint(field * 8 + 2)
      .varint(sizeBytes)
      .reserve(sizeBytes)
    this.pos += this.buffer.write(value, this.pos, 'utf8')
    return this
  }

  private reserve(sizeBytes: number): void {
    if (this.pos + sizeBytes <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.pos + sizeBytes))
    this.buffer.copy(larger, 0, 0, this.pos)
    this.buffer = larger
  }
}

function sizeOfVarint(value: number): number {
  let sizeBytes = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) sizeBytes++
  return sizeBytes
}
