import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanTraces } from '../../src/extract/scan-traces.ts'
import { WireError } from '../../src/wire/reader.ts'
import { type Value, decode, tracesRequest } from '../otlp.ts'

describe('scanTraces', () => {
  it('hands a plain request on unchanged and decodes only the spans that may hold a text', () => {
    const body = tracesRequest([
      { attributes: { 'http.route': '/' } },
      { name: 'chat m', attributes: { 'gen_ai.operation.name': 'chat', n: 3 } },
    ])

    const scan = scanTraces(body)

    expect(scan.body).toBe(body)
    expect(scan.spans).toBe(2)
    expect(scan.candidates).toHaveLength(1)
    expect(scan.candidates[0]).toMatchObject({
      name: 'chat m',
      traceId: 'a'.repeat(32),
      scope: 'test',
      startTimeUnixNano: 1_790_000_000_000_000_000n,
    })
    expect({ ...scan.candidates[0]!.attributes }).toEqual({ 'gen_ai.operation.name': 'chat', n: 3 })
  })

  it('refuses a span with a wrong id alone and keeps its neighbours', () => {
    const body = tracesRequest([
      { name: 'first' },
      { name: 'short', traceId: 'abcd' },
      { name: 'nil', spanId: '0'.repeat(16) },
      { name: 'last' },
    ])

    const scan = scanTraces(body)

    expect(scan.spans).toBe(2)
    expect(scan.rejected).toBe(2)
    expect(scan.rejections).toEqual(['1 span: trace_id must be 16 bytes, not all zero', '1 span: span_id must be 8 bytes, not all zero'])
    expect(names(scan.body)).toEqual(['first', 'last'])
  })

  it('turns arrays, maps and bytes into JSON text and leaves scalars as they are', () => {
    const attributes = {
      list: ['a', 1, true],
      map: { x: { y: [1.5] } },
      bytes: new Uint8Array([1, 2, 3]),
      text: 't',
      zero: 0,
      empty: '',
      no: false,
    }
    const body = tracesRequest([{ attributes }, { attributes: { plain: 'p' } }], { resource: { 'process.command_args': ['node', 'a b'] } })

    const scan = scanTraces(body)

    const resourceSpans = (
      decode('traces', scan.body) as { resourceSpans: { resource: object; scopeSpans: { spans: { attributes: object[] }[] }[] }[] }
    ).resourceSpans[0]!
    expect(resourceSpans.resource).toMatchObject({
      attributes: [{ key: 'process.command_args', value: { stringValue: '["node","a b"]' } }],
    })
    expect(resourceSpans.scopeSpans[0]!.spans[0]!.attributes).toEqual([
      { key: 'list', value: { stringValue: '["a",1,true]' } },
      { key: 'map', value: { stringValue: '{"x":{"y":[1.5]}}' } },
      { key: 'bytes', value: { stringValue: 'AQID' } },
      { key: 'text', value: { stringValue: 't' } },
      { key: 'zero', value: { intValue: '0' } },
      { key: 'empty', value: { stringValue: '' } },
      { key: 'no', value: { boolValue: false } },
    ])
  })

  it('treats __proto__ as an attribute like any other', () => {
    const attributes = JSON.parse('{"gen_ai.system":"x","__proto__":"polluted"}') as Record<string, Value>

    const [candidate] = scanTraces(tracesRequest([{ attributes }])).candidates

    expect(candidate!.attributes['__proto__']).toBe('polluted')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('answers every cut or damaged request with a WireError or a scan, never with anything else', () => {
    const body = tracesRequest([
      {
        attributes: { 'gen_ai.input.messages': [{ role: 'user' }], deep: { a: { b: ['c'] } } },
        events: [{ name: 'e', attributes: { k: 'v' } }],
      },
    ])
    fc.assert(
      fc.property(fc.nat(body.length), fc.nat(body.length - 1), fc.nat(255), (cut, at, byte) => {
        const damaged = Buffer.from(body)
        damaged[at] = byte
        for (const bytes of [body.subarray(0, cut), damaged]) {
          try {
            scanTraces(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(WireError)
          }
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('reads what the oracle wrote, whatever the attribute values are', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((d) => !Number.isInteger(d)),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), scalar), (values) => {
        const attributes = { ...values, 'gen_ai.system': 'x' }
        const [candidate] = scanTraces(tracesRequest([{ attributes }])).candidates
        expect({ ...candidate!.attributes }).toEqual(attributes)
      }),
    )
  })
})

function names(body: Buffer): string[] {
  const request = decode('traces', body) as { resourceSpans: { scopeSpans: { spans: { name: string }[] }[] }[] }
  return request.resourceSpans.flatMap((rs) => rs.scopeSpans.flatMap((ss) => ss.spans.map((span) => span.name)))
}
