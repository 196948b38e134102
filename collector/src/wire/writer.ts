/** Writes the protobuf wire format into one growing buffer. Fields with a default value are left out, as proto3 does. */
import type { RawText } from './raw-text.ts'

const shortBytes = 128 // up to here a loop is faster than a call out of JavaScript
const hexPairs = Uint16Array.from({ length: 256 }, (_, byte) => Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16BE())

/** A protobuf message under construction. */
export class WireWriter {
  private buffer: Buffer
  /** Of the same memory: numbers go in without a detour. */
  private view: DataView
  private pos = 0

  constructor(sizeBytes = 1024) {
    this.buffer = Buffer.allocUnsafe(sizeBytes)
    this.view = viewOf(this.buffer)
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
    this.reserve(1)
    this.pos++
    return this.pos
  }

  /** Closes a nested message: one byte was kept for its length, a longer length moves it. */
  end(start: number): this {
    const sizeBytes = this.pos - start
    const moreBytes = sizeOfVarint(sizeBytes) - 1
    if (moreBytes > 0) {
      this.reserve(moreBytes)
      this.buffer.copyWithin(start + moreBytes, start, this.pos)
    }
    this.pos = start - 1
    this.varint(sizeBytes)
    this.pos += sizeBytes
    return this
  }

  varint(value: number): this {
    this.reserve(10)
    if (value < 0x80) {
      this.buffer[this.pos++] = value
      return this
    }
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
    this.view.setBigUint64(this.pos, value, true)
    this.pos += 8
    return this
  }

  fixed32(field: number, value: number): this {
    this.varint(field * 8 + 5).reserve(4)
    this.view.setUint32(this.pos, value, true)
    this.pos += 4
    return this
  }

  double(field: number, value: number): this {
    this.varint(field * 8 + 1).reserve(8)
    this.view.setFloat64(this.pos, value, true)
    this.pos += 8
    return this
  }

  float(field: number, value: number): this {
    this.varint(field * 8 + 5).reserve(4)
    this.view.setFloat32(this.pos, value, true)
    this.pos += 4
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
    const { view } = this
    let { pos } = this
    for (let i = start; i < end; i++, pos += 2) view.setUint16(pos, hexPairs[bytes[i]!]!)
    this.pos = pos
    return this
  }

  /** Bytes that are given as hex digits of either case; the caller has looked at them. */
  unhex(field: number, digits: string): this {
    const sizeBytes = digits.length / 2
    this.varint(field * 8 + 2)
      .varint(sizeBytes)
      .reserve(sizeBytes)
    this.pos += this.buffer.write(digits, this.pos, 'hex')
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
    const { buffer, pos } = this
    if (sizeBytes > shortBytes) bytes.copy(buffer, pos, start, end)
    else for (let i = 0; i < sizeBytes; i++) buffer[pos + i] = bytes[start + i]!
    this.pos = pos + sizeBytes
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
    this.view = viewOf(larger)
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}

function sizeOfVarint(value: number): number {
  let sizeBytes = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) sizeBytes++
  return sizeBytes
}
