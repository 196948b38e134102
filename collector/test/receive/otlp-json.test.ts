import { describe, expect, it } from 'vitest'
import { encodeOtlpJson, parseJson } from '../../src/receive/otlp-json.ts'
import { decode } from '../otlp.ts'

const span = (members: object): object => ({ resourceSpans: [{ scopeSpans: [{ spans: [members] }] }] })
const encode = (request: object | string): Record<string, unknown> =>
  decode('traces', encodeOtlpJson(Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)), 'traces'))
const firstSpan = (request: object | string): Record<string, unknown> =>
  (encode(request) as { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] }).resourceSpans[0]!.scopeSpans[0]!
    .spans[0]!

describe('encodeOtlpJson', () => {
  it('keeps every kind of value exactly', () => {
    const attributes = [
      { key: 's', value: { stringValue: '' } },
      { key: 'i', value: { intValue: '9007199254740993' } },
      { key: 'n', value: { intValue: -5 } },
      { key: 'd', value: { doubleValue: 0.5 } },
      { key: 'b', value: { boolValue: false } },
      { key: 'y', value: { bytesValue: 'AQID' } },
      { key: 'a', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 1 }] } } },
      { key: 'm', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
    ]

    const encoded = firstSpan(
      span({
        traceId: 'ABCDEF0123456789abcdef0123456789',
        spanId: '0123456789ABCDEF',
        startTimeUnixNano: '1790000000000000001',
        attributes,
      }),
    )

    expect(encoded['attributes']).toEqual([
      { key: 's', value: { stringValue: '' } },
      { key: 'i', value: { intValue: '9007199254740993' } },
      { key: 'n', value: { intValue: '-5' } },
      { key: 'd', value: { doubleValue: 0.5 } },
      { key: 'b', value: { boolValue: false } },
      { key: 'y', value: { bytesValue: 'AQID' } },
      { key: 'a', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: '1' }] } } },
      { key: 'm', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
    ])
    expect(encoded['startTimeUnixNano']).toBe('1790000000000000001')
    expect(Buffer.from(encoded['traceId'] as string, 'base64').toString('hex')).toBe('abcdef0123456789abcdef0123456789')
  })

  it('keeps 64-bit numbers without quotes exactly, and leaves the same text inside a string alone', () => {
    const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano": 1790000000000000001,
      "name":"{\\"intValue\\": 1790000000000000001}","attributes":[{"key":"i","value":{"intValue":9007199254740993}}]}]}]}]}`

    const encoded = firstSpan(body)

    expect(encoded['startTimeUnixNano']).toBe('1790000000000000001')
    expect(encoded['name']).toBe('{"intValue": 1790000000000000001}')
    expect(encoded['attributes']).toEqual([{ key: 'i', value: { intValue: '9007199254740993' } }])
  })

  it('ignores unknown members, snake_case included, and takes an empty request', () => {
    expect(firstSpan(span({ name: 'n', start_time_unix_nano: '1', somethingNew: { a: 1 } }))).toEqual({ name: 'n' })
    expect(encode({})).toEqual({})
  })

  it.each([
    [span({ traceId: 'xyz' }), /traceId: expected hex digits, got a string/],
    [span({ kind: 'SERVER' }), /kind: expected an integer, got a string/],
    [{ resourceSpans: {} }, /^resourceSpans: expected an array, got an object/],
    [[], /^the request: expected an object, got an array/],
  ])('refuses %j, naming the member', (request, message) => {
    expect(() => encode(request)).toThrow(message)
  })

  it('refuses values nested 1000 deep', () => {
    let value: object = { stringValue: 'x' }
    for (let i = 0; i < 1000; i++) value = { arrayValue: { values: [value] } }

    expect(() => encode(span({ attributes: [{ key: 'k', value }] }))).toThrow(/nested deeper than 64 levels/)
  })
})

describe('parseJson', () => {
  it('says where the text is broken and never quotes it', () => {
    expect(() => parseJson('{"a": secret}')).toThrow(/^the body is not valid JSON: error at position 6 \(line 1, column 7\)$/)
    expect(() => parseJson('{"a": 1')).toThrow(/error at position 7 \(line 1, column 8\)$/)
    expect(() => parseJson('')).toThrow(/it is empty/)
  })
})
