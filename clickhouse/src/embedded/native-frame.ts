// Frames a Native result for clients that send `client_protocol_version`: the engine writes revision 0, which they cannot read.
// They expect a BlockInfo before each block and, later, a byte per column that says whether its serialization is a custom one.
// Source: NativeWriter.cpp and ProtocolDefines.h of ClickHouse.

import { EngineError, errorCodes } from './engine-error.ts'
import { parseNativeType, type NativeType } from './native-type.ts'

const customSerializationRevision = 54454 // DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION
// Field 1: no overflow rows; field 2: no bucket (Int32 -1); 0: no more fields.
const blockInfo = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0])
const usualSerialization = Buffer.from([0])
const hasDictionary = 1n << 9n // a flag of a LowCardinality block: its own dictionary precedes the keys

/**
 * The same blocks as a client of this protocol version reads them.
 * @throws EngineError 48 for a column whose end cannot be found, such as JSON; before the first block is out, if the first has it
 */
export async function* frameNative(parts: AsyncIterable<Uint8Array>, protocolVersion: number): AsyncGenerator<Uint8Array, void, undefined> {
  let unread = Buffer.alloc(0)
  for await (const part of parts) {
    const bytes = Buffer.concat([unread, part])
    const reader = new Reader(bytes)
    for (let block = frameBlock(reader, protocolVersion); block; block = frameBlock(reader, protocolVersion)) yield block
    unread = bytes.subarray(reader.blockStart)
  }
  if (unread.length > 0) throw new EngineError(errorCodes.unknownException, 'the engine ended a Native result inside a block')
}

/** The next block; undefined if not all of it is there yet. */
function frameBlock(reader: Reader, protocolVersion: number): Buffer | undefined {
  const { bytes, blockStart } = reader
  if (blockStart === bytes.length) return undefined
  reader.position = blockStart
  try {
    const pieces: Uint8Array[] = [blockInfo]
    const columns = reader.varint()
    const rows = reader.varint()
    let copied = blockStart
    for (let column = 0; column < columns; column++) {
      reader.skip(reader.varint()) // its name
      const type = parseNativeType(reader.text(reader.varint()))
      if (protocolVersion >= customSerializationRevision) {
        pieces.push(bytes.subarray(copied, reader.position), usualSerialization)
        copied = reader.position
      }
      if (rows > 0) skipColumn(reader, type, rows)
    }
    pieces.push(bytes.subarray(copied, reader.position))
    reader.blockStart = reader.position
    return Buffer.concat(pieces)
  } catch (error) {
    if (error === incomplete) return undefined
    throw error
  }
}

function skipColumn(reader: Reader, type: NativeType, rows: number): void {
  reader.skip(8 * dictionariesOf(type)) // their versions all come first
  skipValues(reader, type, rows)
}

function dictionariesOf(type: NativeType): number {
  if (type.kind === 'lowCardinality') return 1
  if (type.kind === 'tuple') return type.elements.reduce((sum, element) => sum + dictionariesOf(element), 0)
  return 'inner' in type ? dictionariesOf(type.inner) : 0
}

function skipValues(reader: Reader, type: NativeType, rows: number): void {
  if (rows === 0) return // no value is no byte, whatever the type
  switch (type.kind) {
    case 'fixed':
      return reader.skip(rows * type.sizeBytes)
    case 'string':
      for (let row = 0; row < rows; row++) reader.skip(reader.varint())
      return
    case 'nullable':
      reader.skip(rows)
      return skipValues(reader, type.inner, rows)
    case 'array':
      reader.skip(8 * (rows - 1)) // each row's end offset: the last is the number of all values
      return skipValues(reader, type.inner, Number(reader.uint64()))
    case 'tuple':
      if (type.elements.length === 0) return reader.skip(rows)
      for (const element of type.elements) skipValues(reader, element, rows)
      return
    case 'lowCardinality': {
      const flags = reader.uint64()
      if ((flags & hasDictionary) !== 0n) skipValues(reader, type.inner, Number(reader.uint64()))
      reader.skip(Number(reader.uint64()) << Number(flags & 3n)) // keys of 1, 2, 4 or 8 bytes
    }
  }
}

const incomplete = new Error('the block goes on in the next part')

class Reader {
  readonly bytes: Buffer
  position = 0
  /** Where the first block begins that was not read to its end. */
  blockStart = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  skip(count: number): void {
    this.position += count
    if (this.position > this.bytes.length) throw incomplete
  }

  varint(): number {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = this.bytes[this.position]
      this.skip(1)
      value += (byte! & 0x7f) * shift
      if (byte! < 0x80) return value
    }
  }

  uint64(): bigint {
    this.skip(8)
    return this.bytes.readBigUInt64LE(this.position - 8)
  }

  text(sizeBytes: number): string {
    this.skip(sizeBytes)
    return this.bytes.toString('utf8', this.position - sizeBytes, this.position)
  }
}
