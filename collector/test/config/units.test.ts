import { describe, expect, it } from 'vitest'
import { parseIdentifier } from '../../src/config/identifier.ts'
import { suggest } from '../../src/config/suggest.ts'
import { parseDuration, parseEndpoint, parseSize } from '../../src/config/units.ts'

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['200ms', 200],
    ['1.5s', 1500],
    ['.5s', 500],
    ['1h30m', 5_400_000],
    ['2m3s4ms', 123_004],
    ['500us', 0.5],
    ['1µs', 0.001],
    ['1ns', 0.000001],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 9)
  })

  it.each(['', '5', '5 s', '1d', '-1s', '+1s', 's', '1.s.', '1m1', '1 h', '1e3s', 'Infinityms', '９s'])('refuses "%s"', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['65536', 65_536],
    ['1B', 1],
    ['1KiB', 1024],
    ['1.5 KiB', 1536],
    ['64MiB', 67_108_864],
    ['64MB', 64_000_000],
    ['1GiB', 1_073_741_824],
    ['2TiB', 2_199_023_255_552],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', '-1', '1kb', '1mib', 'MiB', '1e3', '99999999TiB', '0x10'])('refuses "%s"', (text) => {
    expect(parseSize(text)).toBeUndefined()
  })
})

describe('parseEndpoint', () => {
  it.each([
    ['127.0.0.1:4318', '127.0.0.1', 4318],
    ['localhost:0', 'localhost', 0],
    ['[::1]:4318', '::1', 4318],
    [':4318', '0.0.0.0', 4318],
  ])('reads %s', (text, host, port) => {
    expect(parseEndpoint(text)).toEqual({ host, port })
  })

  it.each([
    '',
    '4318',
    'localhost',
    'localhost:',
    'http://localhost:4318',
    'localhost:65536',
    'localhost:-1',
    '::1:4318',
    'a b:1',
    'u@h:1',
  ])('refuses "%s"', (text) => {
    expect(parseEndpoint(text)).toBeUndefined()
  })
})

describe('parseIdentifier', () => {
  it('takes a type and a name apart, blanks around them excepted', () => {
    expect(parseIdentifier('otlp')).toEqual({ id: 'otlp', type: 'otlp', name: '' })
    expect(parseIdentifier(' otlp / eu/west ')).toEqual({ id: 'otlp/eu/west', type: 'otlp', name: 'eu/west' })
  })

  it("refuses a name longer than the Collector's limit", () => {
    expect(parseIdentifier(`otlp/${'x'.repeat(1025)}`)).toHaveProperty('fault')
    expect(parseIdentifier(`otlp/${'x'.repeat(1024)}`)).not.toHaveProperty('fault')
  })
})

describe('suggest', () => {
  it('finds the word of which letters are missing, added, replaced or swapped', () => {
    const words = ['timeout', 'send_batch_size', 'verbosity']

    expect(['timout', 'timeoutt', 'timeaut', 'tiemout', 'TIMEOUT'].map((word) => suggest(word, words))).toEqual(Array(5).fill('timeout'))
  })

  it('finds nothing for a word that means something else', () => {
    expect(suggest('queue', ['timeout', 'size'])).toBeUndefined()
  })
})
