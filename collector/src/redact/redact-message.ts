/** Copies an OTLP request with other texts in it: one pass over the bytes, everything else stays byte for byte. */
import { WireError, WireReader, wireType } from '../wire/reader.ts'
import { WireWriter } from '../wire/writer.ts'

/** What becomes of texts and attributes. */
export interface TextVisitor {
  /** @param key the attribute's key; '' for texts outside attributes */
  text(value: string, key: string): string
  keepsAttribute(key: string): boolean
}

type Field = Shape | 'text' | 'attribute' | 'value'
/** Fields by tag (number × 8 + wire type). */
interface Shape {
  readonly [tag: number]: Field
}

const resource: Shape = { 10: 'attribute' }
const scope: Shape = { 26: 'attribute' }
const spanEvent: Shape = { 18: 'text', 26: 'attribute' }
const link: Shape = { 34: 'attribute' }
const status: Shape = { 18: 'text' }
const span: Shape = { 42: 'text', 74: 'attribute', 90: spanEvent, 106: link, 122: status }
const logRecord: Shape = { 42: 'value', 50: 'attribute' }

/** ExportTraceServiceRequest. Source: opentelemetry-proto trace/v1/trace.proto. */
export const tracesTexts: Shape = { 10: { 10: resource, 18: { 10: scope, 18: span } } }
/** ExportLogsServiceRequest. Source: opentelemetry-proto logs/v1/logs.proto. */
export const logsTexts: Shape = { 10: { 10: resource, 18: { 10: scope, 18: logRecord } } }

const tag = { key: 10, value: 18, string: 10, array: 42, map: 50 } as const
const maxDepth = 64 // as deep as the scan behind it reads

/** @throws WireError on malformed bytes, and on values nested deeper than 64 levels */
export function redactMessage(bytes: Buffer, shape: Shape, visitor: TextVisitor): Buffer {
  const writer = new WireWriter(bytes.length + 1024)
  new Copier(new WireReader(bytes), visitor).message(bytes.length, shape, writer)
  return writer.finish()
}

class Copier {
  private readonly reader: WireReader
  private readonly visitor: TextVisitor

  constructor(reader: WireReader, visitor: TextVisitor) {
    this.reader = reader
    this.visitor = visitor
  }

  message(end: number, shape: Shape, writer: WireWriter): void {
    const { reader } = this
    while (reader.pos < end) {
      const start = reader.pos
      const fieldTag = reader.tag(end)
      const field = (fieldTag & 7) === wireType.length ? shape[fieldTag] : undefined
      if (field === undefined) {
        reader.skip(fieldTag, end)
        writer.raw(reader.bytes.subarray(start, reader.pos))
      } else if (field === 'text') this.text('', fieldTag, end, writer)
      else this.nested(field, fieldTag, reader.length(end), writer)
    }
  }

  private nested(field: Exclude<Field, 'text'>, fieldTag: number, end: number, writer: WireWriter): void {
    const copy = new WireWriter(end - this.reader.pos + 64)
    if (field === 'attribute') {
      if (!this.attribute(end, copy, 0)) return
    } else if (field === 'value') this.value(end, '', copy, 0)
    else this.message(end, field, copy)
    writer.bytes(fieldTag >>> 3, copy.finish())
  }

  /** @returns false for an attribute that is to be left out */
  private attribute(end: number, writer: WireWriter, depth: number): boolean {
    const { reader } = this
    const start = reader.pos
    let key = ''
    while (reader.pos < end) {
      const fieldTag = reader.tag(end)
      if (fieldTag === tag.key) key = reader.string(end)
      else reader.skip(fieldTag, end)
    }
    if (depth === 0 && !this.visitor.keepsAttribute(key)) return false
    reader.pos = start
    while (reader.pos < end) {
      const fieldStart = reader.pos
      const fieldTag = reader.tag(end)
      if (fieldTag === tag.value) {
        const valueEnd = reader.length(end)
        const copy = new WireWriter(valueEnd - reader.pos + 64)
        this.value(valueEnd, key, copy, depth)
        writer.bytes(2, copy.finish())
      } else {
        reader.skip(fieldTag, end)
        writer.raw(reader.bytes.subarray(fieldStart, reader.pos))
      }
    }
    return true
  }

  /** An AnyValue: texts in lists and maps are found, too. */
  private value(end: number, key: string, writer: WireWriter, depth: number): void {
    if (depth > maxDepth) throw new WireError(`attribute nested deeper than ${maxDepth} levels`)
    const { reader } = this
    while (reader.pos < end) {
      const start = reader.pos
      const fieldTag = reader.tag(end)
      if (fieldTag === tag.string) this.text(key, fieldTag, end, writer)
      else if (fieldTag === tag.array || fieldTag === tag.map) {
        const listEnd = reader.length(end)
        const copy = new WireWriter(listEnd - reader.pos + 64)
        this.elements(fieldTag, listEnd, key, copy, depth + 1)
        writer.bytes(fieldTag >>> 3, copy.finish())
      } else {
        reader.skip(fieldTag, end)
        writer.raw(reader.bytes.subarray(start, reader.pos))
      }
    }
  }

  private elements(listTag: number, end: number, key: string, writer: WireWriter, depth: number): void {
    const { reader } = this
    while (reader.pos < end) {
      const start = reader.pos
      const fieldTag = reader.tag(end)
      if (fieldTag !== 10) {
        reader.skip(fieldTag, end)
        writer.raw(reader.bytes.subarray(start, reader.pos))
        continue
      }
      const elementEnd = reader.length(end)
      const copy = new WireWriter(elementEnd - reader.pos + 64)
      if (listTag === tag.map) this.attribute(elementEnd, copy, depth)
      else this.value(elementEnd, key, copy, depth)
      writer.bytes(1, copy.finish())
    }
  }

  /** Bytes that nothing matched stay as they came, valid UTF-8 or not. */
  private text(key: string, fieldTag: number, end: number, writer: WireWriter): void {
    const { reader } = this
    const textEnd = reader.length(end)
    const bytes = reader.bytes.subarray(reader.pos, textEnd)
    reader.pos = textEnd
    const before = bytes.toString('utf8')
    const after = this.visitor.text(before, key)
    if (after === before) writer.bytes(fieldTag >>> 3, bytes)
    else writer.present(fieldTag >>> 3, after)
  }
}
