import { describe, expect, it } from 'vitest'
import { hashText } from '../../src/embed/text-hash.ts'

describe('hashText', () => {
  it('gives the published XXH64 of known texts', () => {
    expect(hashText('a')).toBe(0xd24ec4f1a98c6e5bn)
    expect(hashText('abc')).toBe(0x44bc2cf5ad770999n)
  })

  it('keeps zero for the empty text alone', () => {
    expect(hashText('')).toBe(0n)
    expect(hashText(' ')).not.toBe(0n)
  })

  it('hashes the bytes that are stored, so a lone surrogate equals the replacement character', () => {
    expect(hashText('a\ud800b')).toBe(hashText('a\ufffdb'))
  })

  it('takes texts of any length and script', () => {
    const texts = ['ß', '日本語', '👩‍👩‍👧', 'x'.repeat(1_000_000), '\0']

    expect(new Set(texts.map(hashText)).size).toBe(texts.length)
  })
})
