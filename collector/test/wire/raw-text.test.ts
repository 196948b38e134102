import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RawText } from '../../src/wire/raw-text.ts'
import { WireReader } from '../../src/wire/reader.ts'
import { WireWriter } from '../../src/wire/writer.ts'

const written = (bytes: Buffer): string => {
  const reader = new WireReader(new WireWriter().copied(1, new RawText(bytes)).finish())
  return reader.pos === reader.bytes.length || reader.tag(reader.bytes.length) !== 10 ? '' : reader.string(reader.bytes.length)
}

describe('a text that stays bytes', () => {
  it('is what decoding it gives, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (raw) => {
        const bytes = Buffer.from(raw)
        const decoded = bytes.toString('utf8')
        const text = new RawText(bytes)

        expect([text.text, text.length, text.isBlank]).toEqual([decoded, decoded.length, decoded.trim() === ''])
        expect(written(bytes)).toBe(decoded)
      }),
      { seed: 3 },
    )
  })

  it('is read out of the middle of other bytes', () => {
    const bytes = Buffer.from('…one, zwölf, three')

    const text = new RawText(bytes, bytes.indexOf('zw'), bytes.indexOf(', three'))

    expect([text.text, text.length, text.sizeBytes]).toEqual(['zwölf', 5, 6])
    expect(text.equals(new RawText(Buffer.from('zwölf')))).toBe(true)
    expect(text.equals(new RawText(Buffer.from('zwoelf')))).toBe(false)
  })
})

describe('a nested message that is written in place', () => {
  it.each([0, 1, 127, 128, 100_000])('is read back with %i bytes in it', (sizeBytes) => {
    const writer = new WireWriter(16)

    const start = writer.begin(6)
    writer.raw(Buffer.alloc(sizeBytes, 7)).end(start).uint(1, 9)

    const reader = new WireReader(writer.written)
    const end = reader.bytes.length
    expect(reader.tag(end)).toBe(50)
    const innerEnd = reader.length(end)
    expect(innerEnd - reader.pos).toBe(sizeBytes)
    reader.pos = innerEnd
    expect([reader.tag(end), reader.varint(end)]).toEqual([8, 9])
  })
})
