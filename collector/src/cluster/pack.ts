/** Typed arrays and a JSON header as one run of bytes. */
import { crc32 } from 'node:zlib'

const types = { Int16Array, Uint16Array, Int32Array, Uint32Array, Float64Array, BigUint64Array }
type TypeName = keyof typeof types
export type PackedArray = Int16Array | Uint16Array | Int32Array | Uint32Array | Float64Array | BigUint64Array

/** What `pack` takes and `unpack` gives. */
export interface Packed {
  /** Anything JSON can hold. */
  readonly header: unknown
  readonly arrays: Readonly<Record<string, PackedArray>>
}

const magic = 0x31435254 // "TRC1", little-endian
const prefixBytes = 16 // magic, CRC-32 of all behind the prefix, length of the JSON, 0

/** Layout: prefix, JSON, arrays in the order of the JSON's list, each padded to 8 bytes; little-endian. */
export function pack({ header, arrays }: Packed): Uint8Array {
  const list = Object.entries(arrays).map(([name, array]) => ({ name, type: array.constructor.name, length: array.length }))
  const json = Buffer.from(JSON.stringify({ header, arrays: list }))
  const total = Object.values(arrays).reduce((sum, array) => sum + padded(array.byteLength), prefixBytes + padded(json.length))
  const bytes = Buffer.alloc(total)
  let at = prefixBytes + padded(json.length)
  json.copy(bytes, prefixBytes)
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += padded(array.byteLength)
  }
  bytes.writeUInt32LE(magic, 0)
  bytes.writeUInt32LE(crc32(bytes.subarray(prefixBytes)), 4)
  bytes.writeUInt32LE(json.length, 8)
  return bytes
}

/**
 * Reads what `pack` wrote; the arrays are copies.
 * @throws RangeError if the bytes are cut short, changed or something else
 */
export function unpack(bytes: Uint8Array): Packed {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length < prefixBytes || buffer.readUInt32LE(0) !== magic) {
    throw new RangeError(`snapshot: expected ${prefixBytes} bytes or more that begin with "TRC1", got ${buffer.length} other bytes`)
  }
  if (crc32(buffer.subarray(prefixBytes)) !== buffer.readUInt32LE(4)) throw new RangeError('snapshot: the checksum does not fit the bytes')
  const jsonBytes = buffer.readUInt32LE(8)
  const { header, arrays: list } = JSON.parse(buffer.toString('utf8', prefixBytes, prefixBytes + jsonBytes)) as {
    header: unknown
    arrays: { name: string; type: TypeName; length: number }[]
  }
  const arrays: Record<string, PackedArray> = {}
  let at = prefixBytes + padded(jsonBytes)
  for (const { name, type, length } of list) {
    const end = at + length * types[type].BYTES_PER_ELEMENT
    arrays[name] = new types[type](new Uint8Array(buffer.subarray(at, end)).buffer)
    at += padded(end - at)
  }
  return { header, arrays }
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
