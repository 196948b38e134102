/** One accepted request in the spool: its bytes, and how they are found again. */
import { crc32 } from 'node:zlib'
import { WireError, WireReader } from '../wire/reader.ts'
import { WireWriter } from '../wire/writer.ts'

/** What a request leaves in the spool. */
export interface Entry {
  readonly project: string
  /** Unix time in nanoseconds. */
  readonly receivedAt: bigint
  /** ExportTraceServiceRequest in protobuf. */
  readonly traces?: Buffer
  /** ExportLogsServiceRequest in protobuf. */
  readonly logs?: Buffer
  /** Encoded turn parts: fields `events`, one behind the other (extract/encode-part.ts). */
  readonly events: Buffer
}

const tag = { project: 10, receivedAt: 17, crc: 29, traces: 34, logs: 42, event: 50 } as const

const smallBytes = 16 * 1024 // copying so much costs less than writing it as a buffer of its own

/** The buffers to append for one entry: a length-delimited message `Entry` of clickhouse/formats/spool.proto, large bodies not copied. */
export function encodeEntry({ project, receivedAt, traces, logs, events }: Entry): Buffer[] {
  const parts: Buffer[] = []
  if (traces !== undefined) parts.push(delimiter(tag.traces, traces.length), traces)
  if (logs !== undefined) parts.push(delimiter(tag.logs, logs.length), logs)
  if (events.length > 0) parts.push(events)
  const payloadBytes = parts.reduce((sum, part) => sum + part.length, 0)
  const payload = payloadBytes <= smallBytes ? [Buffer.concat(parts, payloadBytes)] : parts
  const head = new WireWriter(64 + project.length).string(1, project).fixed64(2, receivedAt).fixed32(3, checksum(payload))
  const whole = new WireWriter(head.sizeBytes + 8 + (payload.length === 1 ? payloadBytes : 0))
    .varint(head.sizeBytes + payloadBytes)
    .raw(head.written)
  return payload.length === 1 ? [whole.raw(payload[0]!).written] : [whole.written, ...payload]
}

/** Where an entry stands in a segment's bytes. */
export interface EntrySlice {
  /** First byte of the length prefix. */
  readonly start: number
  /** Behind the last byte. */
  readonly end: number
  readonly project: string
  readonly receivedAt: bigint
  readonly hasTraces: boolean
  readonly hasLogs: boolean
  /** Offsets of the encoded events: start, end, start, end … */
  readonly events: readonly number[]
  /** The bytes are those that were written. */
  readonly intact: boolean
}

/**
 * Walks a segment's entries. The walk ends where an entry is cut off or its length makes no sense.
 * @returns the whole entries, and the offset behind the last of them
 */
export function readEntries(bytes: Buffer, options: { verify: boolean }): { entries: EntrySlice[]; end: number } {
  const reader = new WireReader(bytes)
  const entries: EntrySlice[] = []
  let end = 0
  while (reader.pos < bytes.length) {
    const start = reader.pos
    try {
      const entryEnd = reader.length(bytes.length)
      entries.push(readEntry(reader, start, entryEnd, options.verify))
      reader.pos = entryEnd
      end = entryEnd
    } catch (error) {
      if (error instanceof WireError) return { entries, end }
      throw error
    }
  }
  return { entries, end }
}

/** The length-delimited messages that stand one behind the other, each with its length. @throws WireError when the last one is cut off */
export function splitMessages(bytes: Buffer): Buffer[] {
  const reader = new WireReader(bytes)
  const messages: Buffer[] = []
  while (reader.pos < bytes.length) {
    const start = reader.pos
    reader.pos = reader.length(bytes.length)
    messages.push(bytes.subarray(start, reader.pos))
  }
  return messages
}

function readEntry(reader: WireReader, start: number, end: number, verify: boolean): EntrySlice {
  let project = ''
  let receivedAt = 0n
  let crc = 0
  let payloadStart = end
  let hasTraces = false
  let hasLogs = false
  const events: number[] = []
  try {
    while (reader.pos < end) {
      const fieldTag = reader.tag(end)
      if (fieldTag === tag.project) project = reader.string(end)
      else if (fieldTag === tag.receivedAt) receivedAt = reader.fixed64(end)
      else if (fieldTag === tag.crc) {
        crc = reader.fixed32(end)
        payloadStart = reader.pos
        if (verify && crc32(reader.bytes.subarray(payloadStart, end)) !== crc) throw new WireError('checksum does not match')
      } else {
        const fieldEnd = reader.length(end)
        if (fieldTag === tag.event) events.push(reader.pos, fieldEnd)
        else if (fieldTag === tag.traces) hasTraces = true
        else if (fieldTag === tag.logs) hasLogs = true
        reader.pos = fieldEnd
      }
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return { start, end, project, receivedAt, hasTraces: false, hasLogs: false, events: [], intact: false }
  }
  return { start, end, project, receivedAt, hasTraces, hasLogs, events, intact: payloadStart < end || !verify }
}

function delimiter(fieldTag: number, sizeBytes: number): Buffer {
  return new WireWriter(16).varint(fieldTag).varint(sizeBytes).written
}

function checksum(parts: readonly Buffer[]): number {
  let crc = 0
  for (const part of parts) crc = crc32(part, crc)
  return crc
}
